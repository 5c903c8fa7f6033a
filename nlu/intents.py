"""What comes back from a text: an intent, what was said about it, and how sure we may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Intent(StrEnum):
    """What a member wants. A new journey is a new member here and a file of phrases in `nlu/data`."""

    LOAN_BALANCE = "loan_balance"
    """How much they still owe."""
    PAYMENT_DUE_DATE = "payment_due_date"
    """When, or how much, the next instalment is."""
    APPLY_LOAN = "apply_loan"
    """To borrow."""
    REPAY_LOAN = "repay_loan"
    """To pay a loan, or to tell that it was paid."""
    SAVINGS_BALANCE = "savings_balance"
    """How much they have; also a bare "balance" or "salio"."""
    DEPOSIT = "deposit"
    """To put money in."""
    WITHDRAW = "withdraw"
    """To take money out."""
    STATEMENT = "statement"
    """What happened on the account."""
    INTEREST_RATE = "interest_rate"
    """What a loan costs or savings earn, in per cent."""
    LOAN_LIMIT = "loan_limit"
    """How much they could borrow."""
    GUARANTOR = "guarantor"
    """To ask for, be, or be freed as a guarantor."""
    UPDATE_PHONE = "update_phone"
    """To be known under another number."""
    PIN_RESET = "pin_reset"
    """PIN forgotten, blocked or to be changed."""
    FEES = "fees"
    """What a service costs, and what was deducted for."""
    TALK_TO_SUPPORT = "talk_to_support"
    """To speak to a person, or to complain."""
    REPORT_FRAUD = "report_fraud"
    """Money gone, a con, or a stolen phone to be blocked."""
    GREETING = "greeting"
    THANKS = "thanks"
    AFFIRM = "affirm"
    DENY = "deny"
    """A plain refusal of what was just asked."""
    CANCEL = "cancel"
    """A changed mind: leave what was begun."""
    LANGUAGE_SWITCH = "language_switch"
    OUT_OF_SCOPE = "out_of_scope"
    """Anything we have no journey for."""


MONEY_INTENTS = frozenset({Intent.APPLY_LOAN, Intent.REPAY_LOAN, Intent.DEPOSIT, Intent.WITHDRAW})
"""Where a wrong amount would hurt: never acted upon while the amount has two readings."""


class Verdict(StrEnum):
    """What may be done with an understanding."""

    ACT = "act"
    """Begin the journey."""
    CONFIRM = "confirm"
    """Ask "did you mean" first."""
    REFUSE = "refuse"
    """Say that it was not understood, or that we don't do it."""


class Language(StrEnum):
    ENGLISH = "en"
    SWAHILI = "sw"
    MIXED = "mixed"
    """Sheng, or English and Swahili in one sentence."""


class EntityKind(StrEnum):
    """What can be said about an intent, and how `Entity.value` writes it."""

    AMOUNT = "amount"
    """Shillings as a decimal string: `2500` or `2500.50`."""
    DATE = "date"
    """An ISO day, or two of them as `from/to`."""
    TERM_MONTHS = "term_months"
    """A whole number of months."""
    TERM = "term"
    """An ISO 8601 duration that isn't whole months, such as `P2W`."""
    PHONE = "phone"
    """E.164: `+254711000001`."""
    REFERENCE = "reference"
    """An M-Pesa receipt or a loan number, in upper case."""
    PRODUCT = "product"
    """emergency, development, school_fees, business, boda or salary_advance."""
    ACCOUNT = "account"
    """savings, deposits, shares, fosa, fixed_deposit, junior or holiday."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One reading of `text[start:end]`."""

    kind: EntityKind
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entities:
    """What was said: per kind either one value, or several candidates that must be asked about."""

    values: Mapping[EntityKind, Entity] = field(default_factory=dict)
    ambiguous: Mapping[EntityKind, tuple[Entity, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An intent and the probability that it is the right one."""

    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class Understanding:
    """The answer for one text. `intent` is the best guess even where the verdict is to refuse."""

    intent: Intent
    confidence: float
    verdict: Verdict
    language: Language
    entities: Entities
    alternatives: tuple[Ranked, ...]
    """The next best intents, best first."""
