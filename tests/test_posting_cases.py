"""Every posting there is, as plain text that an accountant can review, and accepted by the books.

`pytest tests/test_posting_cases.py --update` writes the entries that were really made into the files.
"""

import ast
from pathlib import Path
from types import ModuleType

import pytest

from core.db.engine import Database
from core.ledger import balances, postings, store
from core.ledger.account import AccountTerms, Side
from core.ledger.journal import Journal, Line
from tests.posting_cases import books, loans, payouts, provisions, savings, shares
from tests.posting_cases.accounts import ACCOUNTS

FOLDER = Path(__file__).parent / "ledger_cases" / "postings"
NOUNS: tuple[ModuleType, ...] = (loans, provisions, savings, payouts, shares, books)
_NAMES = {terms.code: terms.name for terms in ACCOUNTS}


def told(noun: ModuleType) -> str:
    """The cases of one noun as its file has them."""
    head = f"# {noun.__doc__}\n"
    return "\n".join([head, *(block(sentence, journal) for sentence, journal in noun.cases())])


def block(sentence: str, journal: Journal) -> str:
    rows = [row(line) for line in journal.lines]
    return "\n".join([f"when {sentence}", f"then {rows[0]}", *(f"     {each}" for each in rows[1:]), ""])


def row(line: Line) -> str:
    side = "dr" if line.side is Side.DEBIT else "cr"
    account = f"{line.account} {_NAMES[line.account]}"
    return f"{side} {account:<64}{line.amount!s:>14} {line.amount.currency}"


@pytest.mark.parametrize("noun", NOUNS, ids=[noun.__name__.rpartition(".")[2] for noun in NOUNS])
def test_the_postings_are_as_written(noun: ModuleType, request: pytest.FixtureRequest) -> None:
    path = FOLDER / f"{noun.__name__.rpartition('.')[2]}.txt"
    if request.config.getoption("--update"):
        path.write_text(told(noun), encoding="utf-8")

    assert told(noun) == path.read_text(encoding="utf-8")


def test_every_posting_has_a_case() -> None:
    called = {
        node.attr
        for noun in NOUNS
        for node in ast.walk(ast.parse(Path(str(noun.__file__)).read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }

    assert set(postings.__all__) - called == set()


async def test_the_books_accept_every_posting(empty_database: Database) -> None:
    journals = [journal for noun in NOUNS for _, journal in noun.cases()]
    # The cases are about sides and accounts: members' own accounts are given no floor here.
    accounts = [unlimited(terms) for terms in ACCOUNTS]
    async with empty_database.unit_of_work() as session:
        await store.open_accounts(session, accounts)

        posted = await store.post(session, journals)

    assert all(each.is_new for each in posted)
    async with empty_database.reading() as session:
        wrong = [str(difference) for difference in await balances.differences(session)]
    assert [each for each in wrong if not each.startswith("suspense ")] == []


def unlimited(terms: AccountTerms) -> AccountTerms:
    return AccountTerms(terms.code, terms.name, terms.kind, terms.currency, terms.parent, terms.hot)


def test_a_dividend_whose_parts_are_not_its_net_is_a_bug() -> None:
    [(_, paid)] = [(s, j) for s, j in shares.cases() if j.kind == "dividend_paid"]

    with pytest.raises(AssertionError, match="less"):
        postings.dividend_paid(
            year=2025,
            member_id="mbr_amina",
            event_at=paid.event_at,
            business_date=paid.business_date,
            gross=paid.lines[0].amount,
            withheld=paid.lines[1].amount,
            paid_to=[(line.account, line.amount) for line in paid.lines[2:-1]],
        )
