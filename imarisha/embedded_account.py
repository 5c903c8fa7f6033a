"""Under which account do the private servers run? PostgreSQL refuses to be root.

As an ordinary user they run as that user. As root they run as `nobody`; where a folder on the way to the
programs or the data is closed to `nobody`, with one capability that passes it or in a user namespace.
No folder's rights are changed for it.
"""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

from imarisha.embedded_exec import UNCHANGED
from imarisha.embedded_process import EmbeddedServerError

# From linux/capability.h. The first opens every folder for reading only, the second for writing too;
# containers often have just the second.
_READ_ANYWHERE = 2
_WRITE_ANYWHERE = 1


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server is to the kernel; UNCHANGED means as we are."""

    uid: int = UNCHANGED
    gid: int = UNCHANGED
    capability: int = UNCHANGED
    in_namespace: bool = False
    """Only named `uid` inside; files are owned by our own user."""

    def command(self, program: Sequence[str], *, folder: Path, death_signal: Signals) -> list[str]:
        """What to execute so that `program` runs in `folder` under this account.

        On Linux it gets `death_signal` when the thread that started it ends; elsewhere it lives on.
        """
        numbers = (
            self.uid,
            self.gid,
            self.capability,
            1 if self.in_namespace else UNCHANGED,
            int(death_signal),
            os.getpid(),
        )
        wrapper = Path(__file__).with_name("embedded_exec.py")
        return [sys.executable, "-I", "-S", str(wrapper), *map(str, numbers), str(folder), *program]

    def take_over(self, folder: Path) -> None:
        """Make `folder` and all in it this account's own, where root made it or another account had it."""
        if os.geteuid() != 0:
            return
        uid = 0 if self.in_namespace else self.uid
        gid = 0 if self.in_namespace else self.gid
        if folder.stat().st_uid == uid:
            return
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.lchown(Path(parent, name), uid, gid)
        os.lchown(folder, uid, gid)


def choose_account(probe: Sequence[str], *, data_dir: Path, owned: Path) -> Account:
    """The account with the fewest rights under which the program `probe` runs inside `data_dir`.

    `owned` is a folder of the servers: who has it from an earlier run keeps it.
    Raises EmbeddedServerError when there is no such account.
    """
    if os.geteuid() != 0:
        return _as_we_are()
    reasons = []
    for account in _candidates(owned):
        reason = _why_not(account, probe, data_dir)
        if reason is None:
            return account
        reasons.append(reason)
    raise EmbeddedServerError(
        f"PostgreSQL does not run as root, and no other account can use {data_dir} and {probe[0]}:"
        f" run as an ordinary user, or where `nobody` can enter ({'; '.join(dict.fromkeys(reasons))})"
    )


def _as_we_are() -> Account:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        # initdb insists on a name for its user; containers often run under a number that has none.
        if sys.platform == "linux":
            return Account(*_nobody(), in_namespace=True)
    return Account()


def _candidates(owned: Path) -> Iterator[Account]:
    uid, gid = _nobody()
    if owned.exists() and owned.stat().st_uid != 0:
        uid, gid = owned.stat().st_uid, owned.stat().st_gid
    yield Account(uid, gid)
    if sys.platform == "linux":
        yield Account(uid, gid, capability=_READ_ANYWHERE)
        yield Account(*_nobody(), in_namespace=True)
        yield Account(uid, gid, capability=_WRITE_ANYWHERE)


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise EmbeddedServerError("this machine has no account `nobody`; run as an ordinary user") from error
    return entry.pw_uid, entry.pw_gid


def _why_not(account: Account, probe: Sequence[str], folder: Path) -> str | None:
    command = account.command(probe, folder=folder, death_signal=Signals.SIGKILL)
    tried = subprocess.run(  # noqa: S603  # our own program and arguments
        command, capture_output=True, text=True, check=False, env={}
    )
    if tried.returncode == 0:
        return None
    return tried.stderr.strip().rpartition("\n")[2] or f"exit {tried.returncode}"
