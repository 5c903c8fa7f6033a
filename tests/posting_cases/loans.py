"""From the day a loan is paid out to the day its last shilling comes back, or doesn't."""

from collections.abc import Iterator

from core.ledger import postings
from core.ledger.chart import Gl
from core.ledger.journal import Journal
from tests.posting_cases.accounts import (
    AMINA_DEPOSITS,
    AMINA_LOAN,
    AMINA_OLD_LOAN,
    AMINA_SAVINGS,
    AT,
    DAY,
    LOANS,
    kes,
)

L1 = "LN-00001"


def cases() -> Iterator[tuple[str, Journal]]:
    yield from paid_out()
    yield from interest()
    yield from fees_and_penalties()
    yield from let_go()
    yield from paid_back()
    yield from paid_back_otherwise()
    yield from given_up()
    yield from taken_back()


def paid_out() -> Iterator[tuple[str, Journal]]:
    yield (
        "200,000.00 are lent to Amina; a fee of 1 %, excise of 20 % on it and insurance of 0.5 % are deducted",
        postings.loan_disbursed(
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            principal=(AMINA_LOAN.code, kes("200,000")),
            paid_from=Gl.PAYOUTS_HELD,
            deductions=[
                (LOANS.fee_income, kes("2,000")),
                (LOANS.excise, kes("400")),
                (LOANS.insurance, kes("1,000")),
            ],
        ),
    )
    yield (
        "a second tranche of 50,000.00 goes to Amina's savings",
        postings.loan_disbursed(
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            principal=(AMINA_LOAN.code, kes("50,000")),
            paid_from=AMINA_SAVINGS.code,
            tranche=2,
        ),
    )
    yield (
        "a top-up of 80,000.00 clears Amina's old loan (30,000.00 and interest 300.00); the rest goes over the bank",
        postings.loan_disbursed(
            loan_id="LN-00002",
            event_at=AT,
            business_date=DAY,
            principal=(AMINA_LOAN.code, kes("80,000")),
            paid_from=Gl.BANK,
            deductions=[(AMINA_OLD_LOAN.code, kes("30,000")), (LOANS.interest_due, kes("300"))],
        ),
    )


def interest() -> Iterator[tuple[str, Journal]]:
    yield (
        "the interest of one instalment falls due",
        postings.interest_fell_due(
            loan_id=L1,
            instalment=1,
            event_at=AT,
            business_date=DAY,
            due_account=Gl.INTEREST_DUE,
            amount=kes("815.81"),
        ),
    )
    yield (
        "a day's interest on all development loans, 12,000.00, of which 700.00 on loans that don't perform",
        postings.interest_accrued(
            product="development",
            run="1",
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            amount=kes("12,000"),
            suspended=kes("700"),
        ),
    )
    yield (
        "interest of 40.00 had been accrued too much and is taken back",
        postings.interest_accrued(
            product="development", run="2", event_at=AT, business_date=DAY, accounts=LOANS, amount=kes("-40")
        ),
    )
    yield (
        "a loan stops performing: its unpaid interest of 1,500.00 is no income any more",
        postings.interest_suspended(
            loan_id=L1, run="1", event_at=AT, business_date=DAY, accounts=LOANS, amount=kes("1,500")
        ),
    )
    yield (
        "suspended interest of 600.00 was paid and is income after all",
        postings.interest_suspended(
            loan_id=L1, run="2", event_at=AT, business_date=DAY, accounts=LOANS, amount=kes("-600")
        ),
    )


def fees_and_penalties() -> Iterator[tuple[str, Journal]]:
    yield (
        "a fee of 75.00 with excise of 15.00 falls due on Amina's loan",
        postings.loan_fee_charged(
            charge_id="chg_1",
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            fee=kes("75"),
            excise=kes("15"),
        ),
    )
    yield (
        "a day's fees of 500.00, excise of 100.00 and premiums of 250.00 fall due with the instalments",
        postings.loan_fees_fell_due(
            product="development",
            run="1",
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            fee=kes("500"),
            excise=kes("100"),
            insurance=kes("250"),
        ),
    )
    yield (
        "penalties of a day on all overdue development loans, 1,250.00",
        postings.penalties_charged(
            product="development",
            run="1",
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            amount=kes("1,250"),
        ),
    )


def let_go() -> Iterator[tuple[str, Journal]]:
    yield (
        "a penalty of 100.00 and interest of 50.00 are waived",
        postings.loan_dues_waived(
            waiver_id="wvr_1",
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            penalty=kes("100"),
            fee=kes("0"),
            interest=kes("50"),
        ),
    )
    yield (
        "a restructured loan takes unpaid interest of 900.00 and a penalty of 100.00 into its principal",
        postings.loan_dues_capitalised(
            key="restructure:1",
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            principal=AMINA_LOAN.code,
            penalty=kes("100"),
            fee=kes("0"),
            interest=kes("900"),
        ),
    )


def repaid(key: str, paid_from: str, excess: tuple[str, str]) -> Journal:
    account, amount = excess
    return postings.loan_repaid(
        key=key,
        loan_id=L1,
        event_at=AT,
        business_date=DAY,
        paid_from=paid_from,
        accounts=LOANS,
        penalty=kes("100"),
        fee=kes("90"),
        interest_due=kes("815.81"),
        interest_income=kes("0"),
        principal=(AMINA_LOAN.code, kes("9,846.04")),
        excess=(account, kes(amount)),
    )


def paid_back() -> Iterator[tuple[str, Journal]]:
    yield (
        "Amina repays by M-Pesa: penalty, fee, interest, principal, and 148.15 more than she owes",
        repaid("payment:p1", Gl.MPESA_PAYBILL, (AMINA_SAVINGS.code, "148.15")),
    )
    yield (
        "the sweep takes what is due from Amina's savings",
        repaid("sweep:1", AMINA_SAVINGS.code, (AMINA_SAVINGS.code, "0")),
    )
    yield (
        "the guarantee is called: Amina's deposits pay",
        repaid("guarantee:1", AMINA_DEPOSITS.code, (AMINA_SAVINGS.code, "0")),
    )
    yield (
        "Amina clears her loan early: interest not yet due is income at once",
        postings.loan_repaid(
            key="payment:p2",
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            paid_from=Gl.CASH_IN_HAND,
            accounts=LOANS,
            penalty=kes("0"),
            fee=kes("0"),
            interest_due=kes("0"),
            interest_income=kes("400"),
            principal=(AMINA_LOAN.code, kes("40,000")),
            excess=(AMINA_SAVINGS.code, kes("0")),
        ),
    )


def paid_back_otherwise() -> Iterator[tuple[str, Journal]]:
    yield (
        "a repayment that was made before these books began",
        postings.loan_repaid_from_old_books(
            key="repayment:old",
            event_at=AT,
            business_date=DAY,
            parts=[(Gl.INTEREST_DUE, kes("300")), (AMINA_LOAN.code, kes("2,700"))],
        ),
    )
    yield (
        "an earlier receipt was reversed: 120.00 of a later one now pays interest instead of principal",
        postings.loan_parts_moved(
            key="replay:1",
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            debits=[(AMINA_LOAN.code, kes("120"))],
            credits_=[(LOANS.interest_due, kes("120"))],
        ),
    )


def given_up() -> Iterator[tuple[str, Journal]]:
    yield (
        "Amina's loan is written off: 40,000.00, interest 1,500.00 (all suspended), penalty 200.00; 38,000.00 held",
        postings.loan_written_off(
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            accounts=LOANS,
            principal=(AMINA_LOAN.code, kes("40,000")),
            interest=kes("1,500"),
            interest_in_suspense=kes("1,500"),
            fee=kes("0"),
            penalty=kes("200"),
            allowance=kes("38,000"),
        ),
    )
    yield (
        "5,000.00 come in on a loan that had been written off",
        postings.loan_recovered(
            key="payment:p4",
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            paid_from=Gl.MPESA_PAYBILL,
            accounts=LOANS,
            amount=kes("5,000"),
        ),
    )


def taken_back() -> Iterator[tuple[str, Journal]]:
    yield (
        "the bank takes 4,000.00 of a repayment back: Amina owes them again",
        postings.loan_charged_back(
            key=f"loan:{L1}:9",
            loan_id=L1,
            event_at=AT,
            business_date=DAY,
            taken_from=Gl.BANK,
            due_again=(AMINA_LOAN.code, kes("4,000")),
        ),
    )
