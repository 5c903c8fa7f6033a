"""The sandbox operator's key: made once per process, because making one takes longer than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from core.clock import Clock, SystemClock
from integrations.sandbox.operator import OperatorKey

KEY_BITS = 1024


def operator_certificate(key_path: Path, *, clock: Clock | None = None) -> Path:
    """Put key and certificate where a sandbox looks for them; the certificate's path."""
    key, certificate = _made() if clock is None else _make(clock)
    key_path.write_bytes(key)
    beside = key_path.with_suffix(".crt")
    beside.write_bytes(certificate)
    return beside


@cache
def _made() -> tuple[bytes, bytes]:
    return _make(SystemClock())


def _make(clock: Clock) -> tuple[bytes, bytes]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "operator.pem"
        certificate = OperatorKey(path, bits=KEY_BITS, clock=clock).certificate_path()
        return path.read_bytes(), certificate.read_bytes()
