"""A month at the paybill, made up and labelled: the portal's export, our books, and which belongs to which.

Everything comes from one seed. For each movement a story is drawn: most have their receipt on both sides, the rest is
what real months hold: bookings without a receipt (an enquiry confirmed them), receipts typed wrong, references with
typos, hidden phones, shortened names, several payments for one booking, payouts with charges booked with them or not
at all, reversals on both sides or on one, amounts booked wrong, money nobody booked, bookings that never came in, one
payer paying the same amount twice within minutes, and lines that the portal repeats.
"""

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TextIO

from core.clock import NAIROBI, business_date
from core.ledger.chart import Gl
from core.ledger.journal import Journal, credit, debit
from core.money import Money
from integrations.sandbox.statement import HEADER

FIRST_NAMES = (
    "AMINA",
    "OTIENO",
    "NJERI",
    "HASSAN",
    "CHEBET",
    "MWANGI",
    "WANJIRU",
    "KIPTOO",
    "ATIENO",
    "MUTISO",
)
LAST_NAMES = (
    "WANJIRU",
    "ODHIAMBO",
    "KAMAU",
    "ALI",
    "KIPRONO",
    "MAINA",
    "OUMA",
    "CHERUIYOT",
    "NDUTA",
    "MUSYOKA",
)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"

STORIES = (
    ("plain", 900),
    ("no_receipt", 30),
    ("receipt_typo", 12),
    ("payout_booked_whole", 15),
    ("payout_charge_apart", 8),
    ("reversed_both", 4),
    ("reversed_there", 4),
    ("many_to_one", 4),
    ("twins_without_receipt", 3),
    ("wrong_amount", 5),
    ("not_booked", 6),
    ("never_came", 5),
    ("repeated", 4),
)


@dataclass
class Month:
    """Writes the export as it goes, and keeps our journals and the truth: the journals of each line's key."""

    seed: int
    lines: int
    members: int
    began: datetime = datetime(2026, 2, 1, 6, tzinfo=NAIROBI)
    journals: list[Journal] = field(default_factory=list)
    truth: dict[str, set[str]] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)
    keep_truth: bool = True

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._at = self.began
        self._number = 0
        self._balance = Money.zero()
        self._people = [self._person(number) for number in range(self.members)]

    def _person(self, number: int) -> tuple[str, str, str]:
        chance = self._random
        name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)} {chance.choice(LAST_NAMES)}"
        return f"2547{number:08d}", name, f"M{number:06d}"

    def batches(self, size: int) -> Iterator[tuple[list[list[str]], list[Journal]]]:
        """Rows, the oldest first, and journals, some at a time until the month has its lines."""
        done = 0
        while done < self.lines:
            while len(self.rows) < min(size, self.lines - done):
                [story] = self._random.choices([s for s, _ in STORIES], [w for _, w in STORIES])
                self._tell(story)
            done += len(self.rows)
            yield self.rows, self.journals
            self.rows, self.journals = [], []

    def _tell(self, story: str) -> None:
        self._at += timedelta(seconds=self._random.expovariate(self.lines / (28 * 86400)))
        person = self._random.choice(self._people)
        amount = Money(
            100 * self._random.choice((50, 100, 200, 500, 1000, 1500, 2000, self._random.randint(50, 70000)))
        )
        getattr(self, f"_{story}")(person, amount)

    # The stories.

    def _plain(self, person: tuple[str, str, str], amount: Money) -> None:
        receipt = self._receipt()
        key = self._line(receipt, person, amount)
        self._book(person, amount, receipt=receipt, of=[key])

    def _no_receipt(self, person: tuple[str, str, str], amount: Money) -> None:
        key = self._line(self._receipt(), person, amount)
        self._book(person, amount, receipt="", of=[key])

    def _receipt_typo(self, person: tuple[str, str, str], amount: Money) -> None:
        receipt = self._receipt()
        key = self._line(receipt, person, amount)
        self._book(person, amount, receipt=self._mistyped(receipt), of=[key])

    def _payout_booked_whole(self, person: tuple[str, str, str], amount: Money) -> None:
        receipt, charge = self._receipt(), Money(900)
        keys = [
            self._line(receipt, person, -amount, reason="Business Payment to Customer via API", account=""),
            self._line(
                receipt, person, -charge, reason="Business Payment Charge", account="", linked=receipt
            ),
        ]
        self._book(person, -(amount + charge), receipt=receipt, of=keys)

    def _payout_charge_apart(self, person: tuple[str, str, str], amount: Money) -> None:
        receipt, charge = self._receipt(), Money(900)
        key = self._line(receipt, person, -amount, reason="Business Payment to Customer via API", account="")
        self._line(receipt, person, -charge, reason="Business Payment Charge", account="", linked=receipt)
        self._book(person, -amount, receipt=receipt, of=[key])

    def _reversed_both(self, person: tuple[str, str, str], amount: Money) -> None:
        receipt = self._receipt()
        key = self._line(receipt, person, amount)
        self._book(person, amount, receipt=receipt, of=[key])
        undo = self._receipt()
        undone = self._line(undo, person, -amount, reason="Pay Utility Reversal", account="", linked=receipt)
        self._book(person, -amount, receipt=undo, of=[undone])

    def _reversed_there(self, person: tuple[str, str, str], amount: Money) -> None:
        """Paid and taken back before anybody booked it: nothing of ours belongs to either line."""
        receipt = self._receipt()
        self._line(receipt, person, amount)
        self._line(
            self._receipt(), person, -amount, reason="Pay Utility Reversal", account="", linked=receipt
        )

    def _many_to_one(self, person: tuple[str, str, str], _amount: Money) -> None:
        """A group's members pay under one reference; the treasurer's booking is one sum."""
        self._number += 1
        reference = f"GRP{self._number:07d}"
        parts = [Money(100 * self._random.randint(1, 999)) for _ in range(self._random.randint(2, 4))]
        keys = [
            self._line(self._receipt(), self._random.choice(self._people), part, account=reference)
            for part in parts
        ]
        whole = sum(parts[1:], start=parts[0])
        self._book(person, whole, receipt="", of=keys, reference=reference, phone="", name="")

    def _twins_without_receipt(self, person: tuple[str, str, str], amount: Money) -> None:
        """Nobody can tell them apart: which of the two bookings is which line is not said."""
        for _ in range(2):
            key = self._line(self._receipt(), person, amount)
            self._book(person, amount, receipt="", of=[key])
            self._at += timedelta(minutes=1)

    def _wrong_amount(self, person: tuple[str, str, str], amount: Money) -> None:
        receipt = self._receipt()
        key = self._line(receipt, person, amount)
        self._book(person, amount + Money(10000), receipt=receipt, of=[key])

    def _not_booked(self, person: tuple[str, str, str], amount: Money) -> None:
        self._line(self._receipt(), person, amount)

    def _never_came(self, person: tuple[str, str, str], amount: Money) -> None:
        receipt = self._receipt() if self._random.random() < 0.5 else ""
        self._book(person, amount, receipt=receipt, of=[])

    def _repeated(self, person: tuple[str, str, str], amount: Money) -> None:
        self._plain(person, amount)
        self.rows.append(self.rows[-1])

    # Their parts.

    def _receipt(self) -> str:
        """In order of time as Safaricom's are, with letters that no two share."""
        self._number += 1
        number, text = self._number * 7919 + self.seed, ""
        for _ in range(8):
            number, digit = divmod(number, len(_LETTERS))
            text = _LETTERS[digit] + text
        return f"UB{text}"

    def _mistyped(self, text: str) -> str:
        place = self._random.randrange(2, len(text) - 1)
        if self._random.random() < 0.5 and text[place] != text[place + 1]:
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        return text[:place] + ("X" if text[place] != "X" else "Y") + text[place + 1 :]

    def _line(
        self,
        receipt: str,
        person: tuple[str, str, str],
        amount: Money,
        *,
        reason: str = "Pay Bill Online",
        account: str | None = None,
        linked: str = "",
    ) -> str:
        phone, name, member = person
        chance = self._random
        shown = phone if chance.random() < 0.3 else f"{phone[:4]}****{phone[-4:]}"
        said = member if account is None else account
        if account is None and chance.random() < 0.1:
            said = chance.choice((said.lower(), f"{said[:3]} {said[3:]}", self._mistyped(said), ""))
        called = " ".join(name.split()[:2]) if chance.random() < 0.3 else name
        self._balance += amount
        party = f"{shown} - {called}"
        written = f"{self._at.astimezone(NAIROBI):%d-%m-%Y %H:%M:%S}"
        paid = ("", f"-{Money(-amount.minor)}") if amount.minor < 0 else (str(amount), "")
        self.rows.append(
            [
                *(receipt, written, written, f"{reason} {party} Acc. {said}", "Completed", *paid),
                *(self._balance.plain(), "true", reason, "" if "Charge" in reason else party, linked, said),
            ]
        )
        return f"{receipt}|{reason.lower()}|{amount.minor}"

    def _book(
        self,
        person: tuple[str, str, str],
        amount: Money,
        *,
        receipt: str,
        of: list[str],
        reference: str | None = None,
        phone: str | None = None,
        name: str | None = None,
    ) -> None:
        self._number += 1
        account, size = Gl.MPESA_PAYBILL, Money(abs(amount.minor))
        other = Gl.SUSPENSE if amount.minor > 0 else Gl.PAYOUTS_HELD
        sides = (
            (debit(account, size), credit(other, size))
            if amount.minor > 0
            else (debit(other, size), credit(account, size))
        )
        at = self._at + timedelta(seconds=self._random.randint(1, 200))
        journal = Journal(
            key=f"month:{self.seed}:{self._number}",
            kind="month",
            event_at=at,
            business_date=business_date(at),
            lines=sides,
            meta={
                "receipt": receipt,
                "reference": person[2] if reference is None else reference,
                "phone": person[0] if phone is None else phone,
                "payer": person[1].title() if name is None else name,
            },
        )
        self.journals.append(journal)
        if self.keep_truth:
            for key in of:
                self.truth.setdefault(key, set()).add(journal.key)


def begin_export(file: TextIO) -> Callable[[list[list[str]]], None]:
    """Write the head of a portal's export; what comes back writes rows, the oldest first, as they are made."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([["Organization Name", "IMARISHA DEMO SACCO"], ["Paybill", "600996"], []])
    writer.writerow(HEADER)
    return writer.writerows
