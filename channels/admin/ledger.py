"""What do the books say, and how is something posted by hand? Every posting needs a second person."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from channels.admin.approvals import Approval
from channels.admin.desk import Desk
from channels.admin.doors import needs
from channels.admin.schemas import Amount, BusinessDay, Day, Said
from channels.admin.writing import Write
from core.checked_actions import POST_BY_HAND, REVERSE, Reversal
from core.clock import business_date
from core.db.engine import WriteSession
from core.ledger import exchange, store, trial_balance
from core.ledger.account import Side
from core.ledger.by_hand import HandLine, HandSide, HandTransaction
from core.ledger.journal import Line
from core.ledger.store import StoredJournal
from core.ledger.trial_balance import Row, TrialBalance
from core.money import Currency
from core.staff import checking
from core.staff.model import SignedIn
from core.staff.permissions import Permission

router = APIRouter(prefix="/ledger", tags=["ledger"])

_LINES_MAX = 100
_Reader = Annotated[SignedIn, needs(Permission.LEDGER_READ)]
_Poster = Annotated[SignedIn, needs(Permission.LEDGER_POST)]


class TransactionLine(Said):
    """So much on one side of one account."""

    account: str = Field(min_length=1, max_length=100, examples=["5260"])
    side: HandSide
    amount: str = Field(pattern=r"^\d{1,15}(\.\d{1,2})?$", examples=["1000.00"])


class Transaction(Said):
    """A transaction to be posted: what is debited is what is credited."""

    business_date: BusinessDay
    currency: Currency = Currency.KES
    reason: str = Field(min_length=3, max_length=500)
    lines: list[TransactionLine] = Field(min_length=2, max_length=_LINES_MAX)

    def facts(self) -> HandTransaction:
        return HandTransaction(
            business_date=self.business_date,
            currency=self.currency,
            reason=self.reason,
            lines=tuple(
                HandLine(account=line.account, side=line.side, amount=line.amount) for line in self.lines
            ),
        )


class Undoing(Said):
    """Why a journal is wrong, and the day its mirror is to lie on; today if none is given."""

    reason: str = Field(min_length=3, max_length=500)
    business_date: BusinessDay | None = None


class JournalLine(BaseModel):
    """So much on one side of one account."""

    account: str
    side: HandSide
    amount: Amount

    @classmethod
    def of(cls, line: Line) -> "JournalLine":
        side = HandSide.DEBIT if line.side is Side.DEBIT else HandSide.CREDIT
        return cls(account=line.account, side=side, amount=Amount.of(line.amount))


class JournalShown(BaseModel):
    """One business event in the books. `reverses` and `reversed_by` are keys of journals."""

    key: str
    number: int
    kind: str
    event_at: datetime
    business_date: date
    facts: dict[str, str]
    lines: list[JournalLine]
    reverses: str | None
    reversed_by: str | None

    @classmethod
    def of(cls, stored: StoredJournal) -> "JournalShown":
        journal = stored.journal
        return cls(
            key=journal.key,
            number=stored.journal_id,
            kind=journal.kind,
            event_at=journal.event_at,
            business_date=journal.business_date,
            facts=journal.meta,
            lines=[JournalLine.of(line) for line in journal.lines],
            reverses=stored.reverses,
            reversed_by=stored.reversed_by,
        )


class BalanceRow(BaseModel):
    """One account's balance, on the side where it stands."""

    code: str
    name: str
    kind: str
    debit: Amount
    credit: Amount

    @classmethod
    def of(cls, row: Row) -> "BalanceRow":
        return cls(
            code=row.code,
            name=row.name,
            kind=row.kind,
            debit=Amount.of(row.debit),
            credit=Amount.of(row.credit),
        )


class Totals(BaseModel):
    """All debit and all credit balances in one currency: equal."""

    currency: str
    debit: Amount
    credit: Amount


class TrialBalanceShown(BaseModel):
    """The books at the end of a day."""

    on: date
    rows: list[BalanceRow]
    totals: list[Totals]

    @classmethod
    def of(cls, balance: TrialBalance) -> "TrialBalanceShown":
        totals = [(currency, *balance.totals(currency)) for currency in balance.currencies]
        return cls(
            on=balance.on,
            rows=[BalanceRow.of(row) for row in balance.rows],
            totals=[
                Totals(currency=currency, debit=Amount.of(debit), credit=Amount.of(credited))
                for currency, debit, credited in totals
            ],
        )


@router.get("/trial-balance")
async def show_trial_balance(_: _Reader, desk: Desk, on: Day | None = None) -> TrialBalanceShown:
    """Every account's balance at the end of a business day, today if none is given; control accounts for own ones."""
    day = on or business_date(desk.clock.now())
    async with desk.database.reading() as session:
        rates = await exchange.rates(session)
        return TrialBalanceShown.of(await trial_balance.trial_balance(session, day, rates=rates))


@router.get("/journals/{journal_key}")
async def journal(journal_key: str, _: _Reader, desk: Desk) -> JournalShown:
    """One journal with its lines."""
    async with desk.database.reading() as session:
        return JournalShown.of(await store.find_journal(session, journal_key))


@router.post("/transactions", response_model=Approval, status_code=202)
async def post_by_hand(said: Transaction, who: _Poster, write: Write) -> Response:
    """Ask for a manual transaction. It is posted when a colleague agrees under /approvals."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        request = await checking.propose(session, now, write.desk.ids, POST_BY_HAND, said.facts(), who)
        return Approval.of(request, now)

    return await write.answer(who, work, status=202)


@router.post("/journals/{journal_key}/reversal", response_model=Approval, status_code=202)
async def reverse(journal_key: str, said: Undoing, who: _Poster, write: Write) -> Response:
    """Ask to undo a journal by its mirror; what other tables hold as well is undone where it was made."""

    async def work(session: WriteSession, now: datetime) -> Approval:
        facts = Reversal(
            journal=journal_key, business_date=said.business_date or business_date(now), reason=said.reason
        )
        return Approval.of(await checking.propose(session, now, write.desk.ids, REVERSE, facts, who), now)

    return await write.answer(who, work, status=202)
