"""Are callback URLs such that Safaricom takes them?"""

import dataclasses
from urllib.parse import unquote

import pytest

from integrations.daraja.settings import FORBIDDEN_WORDS, callback_url
from tests.integrations.outside import DARAJA


@pytest.mark.parametrize(
    "payment_id", ["pay_01abc", "pay_exe", "pay_EXExexe", "pay_cmdsqlquery", "m-pesampesa"]
)
def test_url_names_the_payment_without_a_forbidden_word(payment_id: str) -> None:
    url = callback_url(DARAJA, "stk", payment_id)

    assert unquote(url) == f"http://outside.test/payments/daraja/stk/{payment_id}"
    assert not any(word in url.lower() for word in FORBIDDEN_WORDS)


@pytest.mark.parametrize("base", ["https://mpesa.sacco.example", "https://sacco.example/Query"])
def test_base_that_safaricom_would_refuse_is_refused_at_start(base: str) -> None:
    with pytest.raises(ValueError, match="which Safaricom refuses"):
        dataclasses.replace(DARAJA, callback_base=base)


def test_secrets_do_not_show_in_a_trace() -> None:
    shown = repr(DARAJA)

    assert "600996" in shown
    for secret in ("demo-key", "demo-secret", "demo-passkey"):
        assert secret not in shown
