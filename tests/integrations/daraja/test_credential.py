"""Can Safaricom, and nobody else, read the operator's password?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.daraja.credential import CertificateError, expires_at, security_credential
from integrations.sandbox.operator import OperatorKey
from tests.integrations.outside import StoppedClock

KEY_BITS = 1024


@pytest.fixture
def safaricom(tmp_path: Path, clock: StoppedClock) -> OperatorKey:
    return OperatorKey(tmp_path / "operator.pem", bits=KEY_BITS, clock=clock)


def certificate(of: OperatorKey) -> bytes:
    return of.certificate_path().read_bytes()


def test_holder_of_the_key_reads_the_password_and_nothing_more(safaricom: OperatorKey) -> None:
    credential = security_credential(certificate(safaricom), "Pass#word%2026")

    assert safaricom.password_in(credential) == "Pass#word%2026"
    assert "\n" not in credential


def test_same_password_looks_different_each_time(safaricom: OperatorKey) -> None:
    first, second = (security_credential(certificate(safaricom), "Pass#word") for _ in range(2))

    assert first != second
    assert safaricom.password_in(first) == safaricom.password_in(second)


@pytest.mark.parametrize("credential", ["", "not base64!", "AAAA", None, 7])
def test_what_was_not_encrypted_for_the_key_is_no_password(
    safaricom: OperatorKey, credential: object
) -> None:
    assert safaricom.password_in(credential) is None


def test_another_key_reads_another_thing(safaricom: OperatorKey, tmp_path: Path, clock: StoppedClock) -> None:
    other = OperatorKey(tmp_path / "other.pem", bits=KEY_BITS, clock=clock)

    credential = security_credential(certificate(safaricom), "Pass#word")

    assert other.password_in(credential) != "Pass#word"


def test_key_and_certificate_outlive_a_restart(
    safaricom: OperatorKey, tmp_path: Path, clock: StoppedClock
) -> None:
    credential = security_credential(certificate(safaricom), "Pass#word")

    again = OperatorKey(tmp_path / "operator.pem", bits=KEY_BITS, clock=clock)

    assert again.password_in(credential) == "Pass#word"
    assert certificate(again) == certificate(safaricom)
    assert (tmp_path / "operator.pem").stat().st_mode & 0o077 == 0


def test_end_of_the_certificate_is_known(safaricom: OperatorKey) -> None:
    assert expires_at(certificate(safaricom)) == datetime(2036, 11, 17, 7, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("password", ["", "x" * 101])
def test_password_of_no_possible_length_is_refused(safaricom: OperatorKey, password: str) -> None:
    with pytest.raises(ValueError, match="1 to 100 bytes"):
        security_credential(certificate(safaricom), password)


def test_file_that_is_no_certificate_is_refused() -> None:
    with pytest.raises(CertificateError, match="PEM"):
        security_credential(b"-----BEGIN NOTHING-----", "Pass#word")


def test_certificate_of_another_kind_of_key_is_refused(clock: StoppedClock) -> None:
    with pytest.raises(CertificateError, match="not RSA"):
        security_credential(_elliptic(clock.now()), "Pass#word")


def _elliptic(now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elliptic")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now.replace(year=2036))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
