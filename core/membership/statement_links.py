"""How does a statement reach a phone without paper? As a link in an SMS that ends soon and opens a few times."""

from datetime import timedelta
from typing import Final

from core.audit import store as audit
from core.clock import Clock, business_date
from core.db.engine import Database
from core.errors import LinkGone, TooManyLinks
from core.ids import Ids
from core.members import store as members
from core.membership import store
from core.membership.codes import SignedLinks
from core.membership.model import DAY, LINK_LIFE, LINK_OPENINGS, StatementLink
from core.notices import service as notices
from core.notices.model import NoticeKind
from core.reports.ports import StatementFormat
from core.reports.service import StatementFile, StatementOffice, render_statement
from core.reports.statement import Period

LINKS_A_DAY: Final = 3


async def send_statement(
    database: Database, clock: Clock, ids: Ids, *, link_id: str, member_id: str, days: int
) -> None:
    """Send the member a link to the statement of the last `days`, today included; one per `link_id`.

    Raises TooManyLinks.
    """
    now = clock.now()
    today = business_date(now)
    async with database.unit_of_work() as session:
        member = await members.lock(session, member_id)
        link = StatementLink(
            link_id=link_id,
            member_id=member_id,
            since=today - timedelta(days=days - 1),
            until=today,
            language=member.language,
            expires_at=now + LINK_LIFE,
            openings=0,
        )
        sent = await store.links_since(session, member_id, now - DAY)
        if not await store.add_link(session, link, at=now):
            return
        if sent >= LINKS_A_DAY:
            raise TooManyLinks
        await notices.tell(
            session,
            ids=ids,
            member_id=member_id,
            phone=member.phone,
            kind=NoticeKind.STATEMENT_READY,
            language=member.language,
            facts={"link_of": link_id},
            key=f"statement_link:{link_id}",
            now=now,
        )
        await audit.record(
            session,
            at=now,
            actor=member_id,
            action="statement.link_sent",
            subject=member_id,
            facts={"link": link_id},
        )


async def fetch_statement(
    database: Database, clock: Clock, office: StatementOffice, links: SignedLinks, *, token: str
) -> StatementFile:
    """The statement behind a link. Raises LinkGone where the link is not ours, too old, or was opened too often."""
    link_id, now = links.id_of(token), clock.now()
    async with database.unit_of_work() as session:
        link = None if link_id is None else await store.lock_link(session, link_id)
        if link is None or now >= link.expires_at or link.openings >= LINK_OPENINGS:
            raise LinkGone
        await store.count_opening(session, link.link_id)
        await audit.record(
            session,
            at=now,
            actor=link.member_id,
            action="statement.fetched",
            subject=link.member_id,
            facts={"link": link.link_id},
        )
    return await render_statement(
        database,
        clock,
        office,
        member_id=link.member_id,
        period=Period(link.since, link.until),
        form=StatementFormat.PDF,
        language=link.language,
    )
