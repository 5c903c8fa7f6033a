"""Does a whole statement show the books at one moment, whatever is paid while it is read?"""

import asyncio

from core.db.engine import Database, WriteSession
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.lending.service.repay import post_repayment
from core.money import Money
from core.reports.ports import StatementFormat
from core.reports.service import StatementFile, render_statement
from core.reports.statement import Period
from dialogs.institution import Institution
from imarisha.statement_forms import statement_office
from tests.clock import StoppedClock
from tests.core.reports.test_stores import EVER, NOW, TODAY, amina, savings_of_amina

OFFICE = statement_office(Institution("Imarisha Sacco", "0800 720 096", "*384*96#", "600996"))


async def statement_of(database: Database, member_id: str, period: Period = EVER) -> StatementFile:
    return await render_statement(
        database, StoppedClock(), OFFICE, member_id=member_id, period=period, form=StatementFormat.CSV
    )


async def pay_into_savings_and_loan(session: WriteSession) -> None:
    """One payment that stands on two of Amina's accounts."""
    account = await savings_of_amina(session)
    loan = await session.row("SELECT id FROM loan WHERE member_id = $1", await amina(session))
    assert loan is not None
    paid_in = postings.money_paid_in(
        key="both-1",
        kind="savings_paid_in",
        event_at=NOW,
        business_date=TODAY,
        account=account.ledger_code,
        amount=Money(1_00),
    )
    await ledger.post(session, [paid_in])
    await post_repayment(
        session,
        key="both-2",
        loan_id=loan["id"],
        amount=Money(2_000_00),
        paid_from=Gl.BANK,
        paid_on=TODAY,
        by="stf_teller",
        now=NOW,
    )


async def somebody_waits_for_a_lock(database: Database) -> None:
    """Returns when a session waits for what another has locked."""
    async with asyncio.timeout(10), database.reading() as session:
        while not await session.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
            await session.rows("SELECT pg_sleep(0.01)")


async def test_a_payment_on_two_accounts_during_the_reading_is_on_both_or_on_neither(
    founded_database: Database,
) -> None:
    async with founded_database.reading() as session:
        member_id = await amina(session)
    before = await statement_of(founded_database, member_id)

    async with founded_database.unit_of_work() as paying:
        # The loans are read last: the accounts have been read when the statement has to wait here.
        await paying.execute("LOCK TABLE loan IN ACCESS EXCLUSIVE MODE")
        reading = asyncio.create_task(statement_of(founded_database, member_id))
        await somebody_waits_for_a_lock(founded_database)
        await pay_into_savings_and_loan(paying)
    during = await reading
    after = await statement_of(founded_database, member_id)

    assert during.check_code == before.check_code
    assert after.check_code != before.check_code
