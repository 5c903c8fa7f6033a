"""Who may ask for payouts? The API operator, by a password encrypted for this sandbox's own certificate.

As Safaricom does it: three wrong passwords lock the operator (8006) until somebody unlocks it.
"""

import base64
import binascii
from datetime import UTC, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import NameOID

from core.clock import Clock

_VALID = timedelta(days=3650)
_EXPONENT = 65_537


class OperatorKey:
    """The key at `path`, made when first needed and kept, so that its certificate stays good after a restart.

    The certificate stands beside it, as `.crt`, for our own settings to name.
    """

    def __init__(self, path: Path, *, bits: int, clock: Clock) -> None:
        self._path = path
        self._bits = bits
        self._clock = clock
        self._key: rsa.RSAPrivateKey | None = None

    def certificate_path(self) -> Path:
        """Where the certificate is, written on the first call."""
        path = self._path.with_suffix(".crt")
        if not path.exists():
            path.write_bytes(self._certificate())
        return path

    def _certificate(self) -> bytes:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sandbox operator")])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
        key = self._private()
        begins = self._clock.now().astimezone(UTC)
        builder = builder.public_key(key.public_key()).serial_number(1)
        builder = builder.not_valid_before(begins).not_valid_after(begins + _VALID)
        certificate = builder.sign(key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM)

    def password_in(self, credential: object) -> str | None:
        """The password in a SecurityCredential; None for what was not encrypted for us."""
        try:
            plain = self._private().decrypt(base64.b64decode(str(credential), validate=True), PKCS1v15())
            return plain.decode()
        except (binascii.Error, ValueError):  # UnicodeDecodeError is a ValueError
            return None

    def _private(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            self._key = self._read() or self._make()
        return self._key

    def _read(self) -> rsa.RSAPrivateKey | None:
        if not self._path.exists():
            return None
        key = serialization.load_pem_private_key(self._path.read_bytes(), password=None)
        return key if isinstance(key, rsa.RSAPrivateKey) else None

    def _make(self) -> rsa.RSAPrivateKey:
        key = rsa.generate_private_key(public_exponent=_EXPONENT, key_size=self._bits)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Readable by nobody else from the first byte on.
        self._path.touch(mode=0o600)
        self._path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return key
