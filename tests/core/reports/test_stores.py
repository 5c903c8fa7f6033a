"""Statements of the demo's people, read from real books."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.clock import business_date
from core.db.engine import Database, ReadSession
from core.errors import UnknownMember
from core.ledger import postings
from core.ledger import store as ledger
from core.ledger.chart import Gl
from core.ledger.product_accounts import loan_accounts
from core.lending.lifecycle import LoanStatus
from core.money import Money
from core.overview import overview
from core.reports import store
from core.reports.loan_store import loan_statements
from core.reports.service import member_statement
from core.reports.statement import Period
from tests.clock import StoppedClock

NOW = StoppedClock().now()
TODAY = business_date(NOW)
EVER = Period(date(2000, 1, 1), TODAY)


async def amina(session: ReadSession) -> str:
    return await store.member_id_of(session, "M00001")


async def savings_of_amina(session: ReadSession) -> store.AccountKey:
    accounts = await store.accounts_of(session, await amina(session))
    return next(account for account in accounts if account.product == "savings")


async def pay_in(database: Database, account: store.AccountKey, key: str, day: date, cents: int) -> None:
    async with database.unit_of_work() as session:
        await ledger.post(
            session,
            [
                postings.money_paid_in(
                    key=key,
                    kind="savings_paid_in",
                    event_at=NOW,
                    business_date=day,
                    account=account.ledger_code,
                    amount=Money(cents),
                )
            ],
        )


async def test_all_of_a_member_s_accounts_end_at_what_the_overview_says(founded_database: Database) -> None:
    async with founded_database.at_one_moment() as session:
        member_id = await amina(session)
        statement = await member_statement(session, member_id=member_id, period=EVER)
        held = await overview(session, member_id=member_id, now=NOW)

    closing = {account.product: account.closing for account in statement.accounts}
    assert closing == {"savings": held.savings, "deposits": held.deposits, "shares": held.shares}
    assert statement.member.name == "Amina Wanjiru"
    assert statement.member.phone_masked == "0711***001"
    assert [each.kind for each in statement.accounts[0].movements] == ["savings_paid_in", "savings_paid_in"]
    assert statement.accounts[0].movements[0].reference.startswith("J")


async def test_a_loan_s_statement_ends_at_what_the_ledger_says(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        member_id = await amina(session)
        [loan] = await loan_statements(session, member_id=member_id, period=EVER)
        row = await session.row("SELECT principal_code FROM loan WHERE member_id = $1", member_id)
        assert row is not None
        principal = await ledger.balance(session, row["principal_code"])

    assert loan.closing.principal == principal
    assert loan.closing.interest == Money(0)
    assert loan.movements[0].kind == "loan_disbursement"
    assert loan.movements[0].charged.principal == Money(12_000_000)
    assert {each.kind for each in loan.movements[1:]} == {"interest_due", "loan_repayment"}


async def test_overdue_interest_stands_in_the_debt(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        chebet = await store.member_id_of(session, "M00005")
        [loan] = await loan_statements(session, member_id=chebet, period=EVER)

    assert loan.closing.interest > Money(0)


async def test_interest_paid_before_it_is_due_is_charged_and_paid_at_once(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        member_id = await amina(session)
        [before] = await loan_statements(session, member_id=member_id, period=EVER)
    await repay_early(founded_database, member_id, principal=500_00, interest=70_00)

    async with founded_database.reading() as session:
        [after] = await loan_statements(session, member_id=member_id, period=EVER)

    early = after.movements[-1]
    assert (early.charged.interest, early.paid.interest) == (Money(70_00), Money(70_00))
    assert early.paid.principal == Money(500_00)
    assert after.closing.principal == before.closing.principal - Money(500_00)
    assert after.closing.interest == before.closing.interest


async def test_repayment_of_nothing_but_early_interest_is_shown(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        member_id = await amina(session)
    await repay_early(founded_database, member_id, principal=0, interest=70_00)

    async with founded_database.reading() as session:
        [loan] = await loan_statements(session, member_id=member_id, period=Period(TODAY, TODAY))

    assert [each.paid.total for each in loan.movements] == [Money(70_00)]


async def test_a_split_that_contradicts_the_ledger_makes_no_statement(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        member_id = await amina(session)
    async with founded_database.unit_of_work() as session:
        await session.execute("UPDATE loan_event SET principal = principal + 1 WHERE kind = 'payment'")

    async with founded_database.reading() as session:
        with pytest.raises(ValueError, match="the books say"):
            await loan_statements(session, member_id=member_id, period=EVER)


async def repay_early(database: Database, member_id: str, *, principal: int, interest: int) -> None:
    """A repayment whose interest goes to income, as before its due date."""
    async with database.unit_of_work() as session:
        row = await session.row("SELECT id, principal_code FROM loan WHERE member_id = $1", member_id)
        assert row is not None
        nothing = Money.zero()
        journal = postings.loan_repaid(
            key="payment:early",
            loan_id=row["id"],
            event_at=NOW,
            business_date=TODAY,
            paid_from=Gl.MPESA_PAYBILL,
            accounts=loan_accounts("development", nothing.currency),
            penalty=nothing,
            fee=nothing,
            interest_due=nothing,
            interest_income=Money(interest),
            principal=(row["principal_code"], Money(principal)),
            excess=("2010:none", nothing),
            payment="early",
        )
        [posted] = await ledger.post(session, [journal])
        await session.execute(
            """INSERT INTO loan_event (loan_id, number, entered_on, kind, body, actor, journal_id, amount, interest,
                                       principal, parts, event_at)
               VALUES ($1, (SELECT count(*) + 1 FROM loan_event WHERE loan_id = $1), $7, 'payment', '{}',
                       'test', $2, $3::bigint + $4, $4, $3, $5::jsonb, $6)""",
            row["id"],
            posted.journal_id,
            principal,
            interest,
            f'[{{"instalment": 6, "interest": {interest}, "principal": {principal}}}]',
            NOW,
            TODAY,
        )


async def test_a_loan_cleared_before_the_period_is_left_out(founded_database: Database) -> None:
    later = Period(TODAY + timedelta(days=1), TODAY + timedelta(days=9))
    async with founded_database.reading() as session:
        member_id = await amina(session)
        [still_owed] = await loan_statements(session, member_id=member_id, period=later)
    await repay_early(
        founded_database, member_id, principal=still_owed.closing.principal.minor, interest=1_00
    )
    async with founded_database.unit_of_work() as session:
        await session.execute("UPDATE loan SET status = $1", LoanStatus.CLOSED)

    async with founded_database.reading() as session:
        gone = await loan_statements(session, member_id=member_id, period=later)
        shown = await loan_statements(session, member_id=member_id, period=EVER)

    assert still_owed.movements == ()
    assert gone == ()
    assert shown[0].closing.total == Money(0)


async def test_what_was_posted_late_stands_on_its_day(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        account = await savings_of_amina(session)
    await pay_in(founded_database, account, "today", TODAY, 1_00)
    await pay_in(founded_database, account, "late", TODAY - timedelta(days=1), 2_00)

    async with founded_database.reading() as session:
        yesterday = await store.account_statement(
            session, account, Period(TODAY - timedelta(days=1), TODAY - timedelta(days=1))
        )
        today = await store.account_statement(session, account, Period(TODAY, TODAY))
        balance = await ledger.balance(session, account.ledger_code)

    assert [each.credit.minor for each in yesterday.movements] == [2_00]
    assert [each.credit.minor for each in today.movements] == [1_00]
    assert yesterday.closing == today.opening
    assert today.closing == balance


async def test_pages_chain_and_make_the_whole(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        account = await savings_of_amina(session)
    for n in range(5):
        await pay_in(founded_database, account, f"p{n}", TODAY - timedelta(days=n % 2), 100 + n)

    async with founded_database.reading() as session:
        whole = await store.account_statement(session, account, EVER)
        pages = [page async for page in store.account_pages(session, account, EVER, most=3)]

    assert [len(page.movements) for page in pages] == [3, 3, 1]
    assert [page.opening for page in pages[1:]] == [page.closing for page in pages[:-1]]
    assert tuple(each for page in pages for each in page.movements) == whole.movements
    assert (pages[0].opening, pages[-1].closing) == (whole.opening, whole.closing)


async def test_what_comes_between_two_pages_does_not_move_the_second(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        account = await savings_of_amina(session)
        first = await store.account_page(session, account, EVER, most=1)
        assert first.next is not None
        before = await store.account_page(session, account, EVER, after=first.next, most=1)
    await pay_in(founded_database, account, "between", date(2001, 1, 1), 5_00)
    await pay_in(founded_database, account, "behind", TODAY, 6_00)

    async with founded_database.reading() as session:
        again = await store.account_page(session, account, EVER, after=first.next, most=1)
        fresh = await store.account_page(session, account, EVER, most=10)

    assert again == before
    assert again.next is None
    assert len(fresh.statement.movements) == 4


async def test_an_account_without_movements_has_one_empty_page(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        account = await savings_of_amina(session)
        day = Period(TODAY, TODAY)
        pages = [page async for page in store.account_pages(session, account, day)]

    assert [len(page.movements) for page in pages] == [0]
    assert pages[0].opening == pages[0].closing == Money(8_250_00)


async def test_nobody_has_that_number(founded_database: Database) -> None:
    async with founded_database.at_one_moment() as session:
        with pytest.raises(UnknownMember):
            await store.member_id_of(session, "M99999")
        with pytest.raises(UnknownMember):
            await member_statement(session, member_id="mbr_none", period=EVER)


async def test_an_account_that_is_not_in_the_books_is_a_bug(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        account = replace(await savings_of_amina(session), ledger_code="2010:none")
        with pytest.raises(KeyError):
            await store.account_statement(session, account, EVER)


async def test_a_receipt_is_the_reference_of_what_came_by_mpesa(founded_database: Database) -> None:
    async with founded_database.reading() as session:
        member_id = await amina(session)
    await save_payment(founded_database, member_id, at=NOW)
    await repay_early(founded_database, member_id, principal=10_00, interest=1_00)

    async with founded_database.reading() as session:
        [loan] = await loan_statements(session, member_id=member_id, period=Period(TODAY, TODAY))

    assert [each.reference for each in loan.movements] == ["TKX9876543"]


async def save_payment(database: Database, member_id: str, *, at: datetime) -> None:
    async with database.unit_of_work() as session:
        await session.execute(
            """INSERT INTO payment (id, member_id, purpose, subject, phone, amount, collected, currency, channel,
                                    account_reference, state, receipt, requested_at)
               VALUES ('early', $1, 'loan_repayment', 'x', '+254711000001', 1100, 1100, 'KES', 'ussd', 'ref',
                       'confirmed', 'TKX9876543', $2)""",
            member_id,
            at,
        )
