"""How does an API operator's password travel? Encrypted for Safaricom's eyes, by the certificate it publishes.

Algorithm: Daraja 3.0 portal, page Getting Started, "Security credentials": the password's bytes, RSA with PKCS#1
v1.5 padding (not OAEP), base64 without line breaks; nothing is appended. The certificate differs between sandbox
and production and comes from the operator, never from us: those that packages ship have long expired.
"""

import base64
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

PASSWORD_BYTES_MAX = 100
"""Far above what the portal lets an operator choose; RSA itself takes 245 with a key of 2048 bits."""


class CertificateError(ValueError):
    """The file is no certificate that a password can be encrypted with."""


def security_credential(certificate_pem: bytes, password: str) -> str:
    """The SecurityCredential for this password, other characters at each call, all of them good.

    An expired certificate is used all the same: Safaricom has kept the keys of expired ones in use. Raises
    CertificateError, and ValueError for a password that is empty or too long.
    """
    plain = password.encode()
    if not 0 < len(plain) <= PASSWORD_BYTES_MAX:
        raise ValueError("an operator's password has 1 to 100 bytes")
    encrypted = _public_key(_certificate(certificate_pem)).encrypt(plain, PKCS1v15())
    return base64.b64encode(encrypted).decode("ascii")


def expires_at(certificate_pem: bytes) -> datetime:
    """The moment after which the certificate is to be replaced, for a warning. Raises CertificateError."""
    return _certificate(certificate_pem).not_valid_after_utc


def _certificate(certificate_pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(certificate_pem)
    except ValueError as error:
        raise CertificateError("not a certificate in PEM form") from error


def _public_key(certificate: x509.Certificate) -> RSAPublicKey:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateError("its key can't be read") from error
    if not isinstance(key, RSAPublicKey):
        raise CertificateError("its key is not RSA")
    return key
