"""How does a private server become a child that has few rights and dies with us?

A program of its own, started by embedded_account.py with our rights; it lowers them and becomes the server:
`embedded_exec.py UID GID CAPABILITY NAMESPACE SIGNAL PARENT FOLDER PROGRAM [ARGUMENT...]`
A number of -1 means "leave as it is".
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

UNCHANGED = -1

# From linux/prctl.h, linux/securebits.h, linux/capability.h and linux/sched.h.
_SET_PARENT_DEATH_SIGNAL = 1
_SET_SECURE_BITS = 28
_NO_FIX_AT_SETUID = 1 << 2
_AMBIENT_CAPABILITY = 47
_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522
_NEW_USER_NAMESPACE = 0x10000000


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySet(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def main(arguments: Sequence[str]) -> None:
    """Become PROGRAM; on a failure the message goes to stderr, which is the server's log."""
    uid, gid, capability, namespace, death_signal, parent = map(int, arguments[:6])
    folder, program = arguments[6], arguments[7]
    if namespace != UNCHANGED:
        _enter_user_namespace(uid, gid)
    elif uid != UNCHANGED:
        _become(uid, gid, capability)
    # After the change of user, which clears it.
    _die_with(parent, death_signal)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.umask(0o077)
    os.chdir(folder)
    os.execv(program, list(arguments[7:]))  # noqa: S606  # no shell is wanted


def _become(uid: int, gid: int, capability: int) -> None:
    keeps_one = capability != UNCHANGED
    if keeps_one:
        # Keeps the capabilities over setuid, and lets access(2) count them, by which initdb finds its programs.
        _prctl(_SET_SECURE_BITS, _NO_FIX_AT_SETUID)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if keeps_one:
        _keep_only(capability)


def _keep_only(capability: int) -> None:
    """Give up every capability but one, and carry that one over exec."""
    mask = 1 << capability
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    sets = (_CapabilitySet * 2)(_CapabilitySet(mask, mask, mask), _CapabilitySet(0, 0, 0))
    _checked(_libc().capset(ctypes.byref(header), sets))
    _prctl(_AMBIENT_CAPABILITY, _AMBIENT_RAISE, capability)


def _enter_user_namespace(uid: int, gid: int) -> None:
    """Be `uid` by name, and the same as before to the file system, without any capability."""
    own_uid, own_gid = os.geteuid(), os.getegid()
    _checked(_libc().unshare(_NEW_USER_NAMESPACE))
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {own_uid} 1"),
        ("gid_map", f"{gid} {own_gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:  # noqa: PTH123  # pathlib costs start-up time
            file.write(text)


def _die_with(parent: int, death_signal: int) -> None:
    if sys.platform != "linux":
        return
    _prctl(_SET_PARENT_DEATH_SIGNAL, death_signal)
    if os.getppid() != parent:
        sys.exit("the process that wanted this server is gone")


def _prctl(*arguments: int) -> None:
    filled = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:5]]
    _checked(_libc().prctl(*filled))


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except OSError as error:
        sys.exit(f"cannot start {sys.argv[8].rpartition('/')[2]}: {error}")
