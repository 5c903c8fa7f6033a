"""Does M-Pesa's own book add up, account by account?"""

from datetime import UTC, datetime

from core.money import Money
from integrations.sandbox.events import AccountName, MoneyKind, MoneyMoved
from integrations.sandbox.paybill_book import PaybillBook

AT = datetime(2026, 11, 20, 7, 15, 30, tzinfo=UTC)


def moved(
    receipt: str,
    cents: int,
    *,
    kind: MoneyKind = MoneyKind.PAY_BILL,
    account: AccountName = AccountName.UTILITY,
    linked: str = "",
) -> MoneyMoved:
    return MoneyMoved(receipt, AT, AT, kind, account, cents, "254711000001", linked=linked)


def a_book() -> PaybillBook:
    return PaybillBook(opening={AccountName.UTILITY: Money(100_000)})


def test_account_begins_with_its_opening_balance() -> None:
    book = a_book()

    assert book.balance(AccountName.UTILITY) == Money(100_000)
    assert book.balance(AccountName.WORKING) == Money.zero()


def test_every_line_carries_the_balance_after_it() -> None:
    book = a_book()

    book.enter(moved("R1", 5_000))
    book.enter(moved("R2", -30_000, kind=MoneyKind.PAYOUT))

    lines = book.lines(AccountName.UTILITY)
    assert [line.balance.minor for line in lines] == [105_000, 75_000]
    assert [line.paid_in.minor for line in lines] == [5_000, 0]
    assert [line.withdrawn.minor for line in lines] == [0, 30_000]


def test_accounts_do_not_touch_each_other() -> None:
    book = a_book()

    book.enter(moved("R1", 700, account=AccountName.WORKING))

    assert book.balance(AccountName.UTILITY) == Money(100_000)
    assert book.balance(AccountName.WORKING) == Money(700)


def test_receipt_finds_the_payment_and_not_its_charge() -> None:
    book = a_book()

    book.enter(moved("R1", -30_000, kind=MoneyKind.PAYOUT))
    book.enter(moved("R1", -900, kind=MoneyKind.CHARGE))

    payment = book.payment("R1")
    assert payment is not None
    assert payment.kind is MoneyKind.PAYOUT
    assert book.payment("R2") is None
    assert book.receipts == 1


def test_payment_given_back_is_known_as_such() -> None:
    book = a_book()
    book.enter(moved("R1", 5_000))
    assert not book.is_reversed("R1")

    book.enter(moved("R2", -5_000, kind=MoneyKind.REVERSAL, linked="R1"))

    assert book.is_reversed("R1")
    assert book.balance(AccountName.UTILITY) == Money(100_000)
