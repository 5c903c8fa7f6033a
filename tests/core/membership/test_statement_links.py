"""Does a link open what it is for, for a while, a few times, and nothing else?"""

import pytest

from core.errors import LinkGone, TooManyLinks
from core.membership.model import LINK_OPENINGS
from core.membership.statement_links import fetch_statement, send_statement
from core.reports.service import StatementFile
from dialogs.institution import Institution
from imarisha.statement_forms import statement_office
from tests.core.membership.counter import Counter, refused

OFFICE = Institution("Imarisha Sacco", "0800 720 096", "*384*96#", "600996")


async def send(counter: Counter, link_id: str) -> None:
    await send_statement(
        counter.database,
        counter.clock,
        counter.ids,
        link_id=link_id,
        member_id=counter.member_id,
        days=30,
    )


async def fetch(counter: Counter, token: str) -> StatementFile:
    return await fetch_statement(
        counter.database, counter.clock, statement_office(OFFICE), counter.office.links, token=token
    )


def token_of(counter: Counter, link_id: str) -> str:
    return counter.office.links.url(link_id).rpartition("/")[2]


async def test_a_link_opens_the_statement_a_few_times(amina: Counter) -> None:
    link_id = amina.ids.new("lnk")
    await send(amina, link_id)

    file = await fetch(amina, token_of(amina, link_id))

    assert file.content.startswith(b"%PDF")
    assert file.name == "statement-M00001-2026-02-10-2026-03-11.pdf"
    assert await amina.audited("statement.fetched") == 1
    await amina.run("UPDATE statement_link SET openings = $1", LINK_OPENINGS)
    await refused(LinkGone, fetch(amina, token_of(amina, link_id)))


async def test_a_link_ends_after_a_day(amina: Counter) -> None:
    link_id = amina.ids.new("lnk")
    await send(amina, link_id)
    amina.clock.move(hours=24)

    await refused(LinkGone, fetch(amina, token_of(amina, link_id)))


async def test_nothing_in_the_database_opens_a_statement(amina: Counter) -> None:
    link_id = amina.ids.new("lnk")
    await send(amina, link_id)
    mark = token_of(amina, link_id).rpartition(".")[2]

    assert mark not in str(await amina.one("SELECT string_agg(facts::text, ' ') FROM notice"))
    for token in (link_id, f"{link_id}.", f"{link_id}.{'a' * 16}", f"{link_id}.{mark}a", "", "x" * 10_000):
        await refused(LinkGone, fetch(amina, token))
    await refused(LinkGone, fetch(amina, token_of(amina, amina.ids.new("lnk"))))


async def test_the_same_wish_is_one_message_and_three_are_enough_for_a_day(amina: Counter) -> None:
    links = [amina.ids.new("lnk") for _ in range(4)]
    for link_id in (links[0], links[0], links[1], links[2]):
        await send(amina, link_id)

    await refused(TooManyLinks, send(amina, links[3]))

    assert len(await amina.told()) == 3
    await send(amina, links[2])


@pytest.mark.parametrize("days", [1, 365])
async def test_any_length_of_time_may_be_asked_for(amina: Counter, days: int) -> None:
    await send_statement(
        amina.database, amina.clock, amina.ids, link_id="lnk_1", member_id=amina.member_id, days=days
    )

    assert await amina.one("SELECT until - since + 1 FROM statement_link") == days
