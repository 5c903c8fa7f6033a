"""The books as anybody would keep them, to hold the ledger against: balances by day, keys used, months closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.ledger.chart import Gl, own_account
from core.ledger.journal import Journal, credit, debit
from core.money import Money
from tests.clock import StoppedClock

MEMBERS = [own_account(Gl.MEMBER_SAVINGS, name, name) for name in ("amina", "otieno", "chebet")]
ACCOUNTS = [Gl.MPESA_PAYBILL, Gl.BANK, *(terms.code for terms in MEMBERS)]
DAYS = (date(2026, 1, 31), date(2026, 2, 10), date(2026, 3, 11))
MONTHS = tuple(day.replace(day=1) for day in DAYS)
NOW = StoppedClock().now()


@dataclass(frozen=True)
class Move:
    """So much from one account to another on a day, under a key that may have been used before."""

    key: int
    taken_from: str
    given_to: str
    cents: int
    on: date

    def journal(self) -> Journal:
        amount = Money(self.cents)
        lines = (debit(self.taken_from, amount), credit(self.given_to, amount))
        return Journal(f"key{self.key}", "move", NOW, self.on, lines)


@dataclass(frozen=True)
class Batch:
    """Moves posted together, by the call for few or the one for many."""

    moves: tuple[Move, ...]
    as_many: bool


@dataclass(frozen=True)
class Undo:
    """The reversal of a move, or of its reversal."""

    key: int
    on: date
    of_reversal: bool


@dataclass(frozen=True)
class CloseMonth:
    """The next month is closed."""


class Model:
    """What the ledger should answer, and where it should stand."""

    def __init__(self) -> None:
        self.balance = dict.fromkeys(ACCOUNTS, 0)
        self.known: dict[int, Move] = {}
        self.undone: set[int] = set()
        self.months_closed = 0
        self._changes: list[tuple[date, str, int]] = []

    def post(self, batch: Sequence[Move]) -> set[str]:
        """The answers that are right, of which one is given."""
        wrong = set()
        # The day is no part of what is asked: a repeat on another one gets the first answer.
        if any(replace(self.known.get(move.key, move), on=move.on) != move for move in batch):
            wrong.add("conflict")
        new = [move for move in batch if move.key not in self.known]
        if any(self.is_closed(move.on) for move in new):
            wrong.add("closed")
        if wrong:
            return wrong
        changes = [(m.on, *part) for m in new for part in ((m.taken_from, -m.cents), (m.given_to, m.cents))]
        if not self._apply(changes):
            return {"insufficient"}
        self.known |= {move.key: move for move in new}
        return {"posted"}

    def undo(self, undo: Undo) -> set[str]:
        move = self.known.get(undo.key)
        if move is None or (undo.of_reversal and undo.key not in self.undone):
            return {"unknown"}
        if undo.of_reversal:
            return {"reversal"}
        if undo.key in self.undone:
            return {"reversed"}
        if undo.on < move.on:
            return {"early"}
        if self.is_closed(undo.on):
            return {"closed"}
        back = [(undo.on, move.taken_from, move.cents), (undo.on, move.given_to, -move.cents)]
        if not self._apply(back):
            return {"insufficient"}
        self.undone.add(undo.key)
        return {"posted"}

    def is_closed(self, day: date) -> bool:
        return day.replace(day=1) in MONTHS[: self.months_closed]

    def balance_on(self, account: str, day: date) -> int:
        return sum(change for on, of, change in self._changes if of == account and on <= day)

    def _apply(self, changes: Sequence[tuple[date, str, int]]) -> bool:
        """Move the balances, or nothing where one of members' own would fall below zero on the way."""
        after, here = dict(self.balance), []
        for on, account, change in changes:
            is_asset = account in {Gl.MPESA_PAYBILL, Gl.BANK}
            signed = -change if is_asset else change
            after[account] += signed
            here.append((on, account, signed))
            if not is_asset and signed < 0 and after[account] < 0:
                return False
        self.balance = after
        self._changes += here
        return True
