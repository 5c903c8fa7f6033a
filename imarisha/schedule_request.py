"""What does a request for a schedule look like? Its JSON fields, as `imarisha schedule` and vector files write them.

Fields of a whole request that say nothing to a schedule, such as its source, are read over. Among the terms, grace,
rounding and charges every name has a meaning: an unknown one is refused, for it would be a wish unheard.
Wrong or missing ones are named.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec


class WrongRequest(Exception):
    """The JSON is no request for a schedule, and why, in one line."""


class UnknownConvention(Exception):
    """The request asks for a convention that we have not."""


class CurrencyField(msgspec.Struct, frozen=True):
    """The scale of all amounts; the code is a label."""

    code: str
    decimals: int


class TermsField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The terms; rates in percent, for a year or for one period."""

    principal: Decimal
    number_of_repayments: int
    repay_every: int
    repay_unit: Literal["days", "weeks", "months"]
    interest_method: Literal["flat", "declining_balance", "upfront"]
    amortization: Literal["equal_installments", "equal_principal", "bullet"]
    annual_rate_pct: Decimal | None = None
    rate_per_period_pct: Decimal | None = None
    interest_calc_period: Literal["same_as_repayment_period", "daily"] = "same_as_repayment_period"
    days_in_year: Literal["actual", "360", "364", "365"] | None = None
    days_in_month: Literal["actual", "30"] | None = None
    schedule_style: Literal["cumulative", "progressive"] = "cumulative"
    due_dates_given: bool = False
    partial_period_interest: bool = False
    leap_rule: str | None = None
    month_end_rule: str | None = None
    principal_rule: str | None = None
    first_period_interest: str | None = None


class GraceField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of the first rows are spared what; or one `type` for so many `periods`."""

    principal: int = 0
    interest_payment: int = 0
    interest_free: int = 0
    type: Literal["none", "principal_only", "all"] = "none"
    periods: int = 0


class RoundingField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`money` and the multiple of instalments; or modes and multiples of payments and of the final total."""

    money: Literal["half_even", "half_up"] = "half_even"
    installment_multiple: Decimal | None = None
    installment_mode: Literal["floor", "half_up", "half_even", "ceiling"] = "half_even"
    currency_mode: Literal["floor", "half_up", "ceiling"] | None = None
    payment_mode: Literal["floor", "half_up", "ceiling"] | None = None
    payment_multiple: Decimal | None = None
    final_mode: Literal["floor", "half_up", "ceiling"] | None = None
    final_multiple: Decimal | None = None


class ChargeField(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A flat value, or percent of a basis; a fee unless it says more or is for overdue rows."""

    timing: str
    basis: str
    value: Decimal
    kind: Literal["fee", "insurance", "penalty"] | None = None
    is_penalty: bool = False
    excise_pct: Decimal = Decimal(0)
    on: date | None = msgspec.field(default=None, name="date")
    due_on: date | None = msgspec.field(default=None, name="due_date")
    name: str | None = None
    """A label."""


class DownPaymentField(msgspec.Struct, frozen=True):
    percent: Decimal


class DisbursementField(msgspec.Struct, frozen=True):
    on: date = msgspec.field(name="date")
    amount: Decimal


class NonWorkingDaysField(msgspec.Struct, frozen=True):
    weekend: tuple[str, ...] = ()
    holidays: tuple[date, ...] = ()
    rule: str = ""


class ScheduleRequest(msgspec.Struct, frozen=True):
    """All that a schedule is made from."""

    currency: CurrencyField
    terms: TermsField
    disbursements: tuple[DisbursementField, ...] = ()
    grace: GraceField = GraceField()
    rounding: RoundingField = RoundingField()
    down_payment: DownPaymentField | None = None
    charges: tuple[ChargeField, ...] = ()
    non_working_days: NonWorkingDaysField | None = None
    as_of: date | None = None
    due_dates: tuple[date, ...] | None = None
    convention: str = ""


def parse_request(content: bytes) -> ScheduleRequest:
    """A request from JSON. Raises WrongRequest, naming the field."""
    try:
        return msgspec.json.decode(content, type=ScheduleRequest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongRequest(str(error)) from error
    except RecursionError as error:
        raise WrongRequest("the JSON is nested too deep") from error
