"""Are codes and links what only we can make?"""

from hypothesis import given
from hypothesis import strategies as st

from core.membership.codes import OneTimeCodes, SignedLinks
from core.membership.sent_secrets import with_secrets

CODES, OTHERS = OneTimeCodes(b"a key for these tests"), OneTimeCodes(b"another key for them")
LINKS = SignedLinks(b"a key for these tests", base="https://x.test/statements/")
LINK = "lnk_01hf0000000000000000000000"


@given(st.text(min_size=1, max_size=30))
def test_a_code_is_six_digits_and_right_for_its_own_id_alone(subject: str) -> None:
    code = CODES.code_for(subject)

    assert len(code) == 6
    assert code.isdigit()
    assert CODES.is_right(subject, code)
    assert not CODES.is_right(subject, code + "0")


def test_another_key_makes_other_codes() -> None:
    ids = [f"pch_{n}" for n in range(20)]

    assert [CODES.code_for(each) for each in ids] != [OTHERS.code_for(each) for each in ids]
    assert len({CODES.code_for(each) for each in ids}) > 15


def test_a_link_names_its_id_and_any_change_names_nothing() -> None:
    token = LINKS.url(LINK).removeprefix("https://x.test/statements/")

    assert LINKS.id_of(token) == LINK
    for place in range(len(token)):
        changed = token[:place] + ("b" if token[place] != "b" else "c") + token[place + 1 :]
        assert LINKS.id_of(changed) is None
    assert SignedLinks(b"another key for them", base="").id_of(token) is None


def test_a_message_is_written_with_secrets_that_its_facts_do_not_hold() -> None:
    seen: list[dict[str, str]] = []

    def render(kind: str, language: str, facts: dict[str, str]) -> str:
        seen.append(facts)
        return f"{kind} {language}"

    write = with_secrets(render, CODES, LINKS)
    facts = {"code_of": "pch_1"}
    write("phone_code", "en", facts)
    write("statement_ready", "en", {"link_of": LINK})
    write("pin_changed", "en", {})

    assert facts == {"code_of": "pch_1"}
    assert seen[0]["secret"] == CODES.code_for("pch_1")
    assert seen[1]["link"] == LINKS.url(LINK)
    assert seen[2] == {}
