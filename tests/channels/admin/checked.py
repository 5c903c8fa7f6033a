"""What every action of two people must hold to, asked over HTTP: for the tests of each area."""

from typing import Any

from tests.channels.admin.conftest import Person


async def asked(maker: Person, path: str, said: object) -> str:
    """The id of a request that now waits."""
    answer = await maker.post(path, said)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "pending"
    return str(answer.json()["id"])


async def agreed(maker: Person, checker: Person, path: str, said: object) -> dict[str, Any]:
    """What came of a request that a second person agreed to; the maker can't."""
    request_id = await asked(maker, path, said)
    answer = await checker.post(f"/approvals/{request_id}/approve")
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()["outcome"]
    return outcome


async def assert_needs_two_people(maker: Person, path: str, said: object) -> None:
    """Whoever may ask and decide can't do both; a repeat is the same request; the key is good for nothing else."""
    key = f"one-wish:{path}"[:100]
    first = await maker.post(path, said, key=key)
    again = await maker.post(path, said, key=key)
    other = await maker.post("/approvals/req_none/withdraw", key=key)

    assert first.status_code == 202, first.text
    assert again.content == first.content
    assert (other.status_code, other.json()["code"]) == (409, "ledger.key_conflict")
    own = await maker.post(f"/approvals/{first.json()['id']}/approve")
    assert (own.status_code, own.json()["code"]) == (403, "staff.own_request")


async def assert_refused(person: Person, path: str, cases: list[tuple[dict[str, Any], int, str]]) -> None:
    """Each body is answered with this status and code."""
    for said, status, code in cases:
        answer = await person.post(path, said)
        assert (answer.status_code, answer.json()["code"]) == (status, code), (said, answer.text)
