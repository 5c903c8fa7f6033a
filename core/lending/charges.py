"""What do the charges of a loan come to? Amounts, the excise on them, and what is left to pay out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from core.errors import ContradictoryTerms
from core.lending.charge_terms import Charge, ChargeBasis, ChargeKind, ChargeTiming
from core.lending.rounding import rounded
from core.lending.terms import Terms
from core.money import Money


@dataclass(frozen=True, slots=True)
class ChargeBases:
    """What percentages are taken of, in minor units: of the whole loan, and of one row."""

    principal: int
    total_interest: int | Fraction = 0
    principal_due: int = 0
    interest_due: int = 0


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge as an amount, with the excise that comes on top."""

    charge: Charge
    amount: Money
    excise: Money

    @property
    def total(self) -> Money:
        return self.amount + self.excise


@dataclass(frozen=True, slots=True)
class PayOut:
    """What happens to the money on the day of disbursement; the parts make up what is lent."""

    lent: Money
    """The debt: what was asked for and the charges lent on top."""
    capitalised: tuple[Charged, ...]
    deducted: tuple[Charged, ...]
    interest: Money
    """Taken up front where the method says so."""
    beside: tuple[Charged, ...]
    """Paid by the member from elsewhere; no part of the loan."""

    @property
    def net(self) -> Money:
        """What the member gets into their hands."""
        taken = [charged.total for charged in (*self.capitalised, *self.deducted)]
        return sum((-each for each in taken), start=self.lent - self.interest)


_BASES: Mapping[ChargeBasis, Callable[[ChargeBases], int | Fraction]] = MappingProxyType(
    {
        ChargeBasis.PRINCIPAL: lambda of: of.principal,
        ChargeBasis.TOTAL_INTEREST: lambda of: of.total_interest,
        ChargeBasis.PRINCIPAL_AND_TOTAL_INTEREST: lambda of: of.principal + of.total_interest,
        ChargeBasis.PRINCIPAL_DUE: lambda of: of.principal_due,
        ChargeBasis.INTEREST_DUE: lambda of: of.interest_due,
        ChargeBasis.INSTALMENT_DUE: lambda of: of.principal_due + of.interest_due,
    }
)


def exact_total(charge: Charge, bases: ChargeBases) -> Fraction:
    """A charge with its excise before anything is rounded."""
    exact = charge.amount.minor if charge.amount is not None else _BASES[charge.basis](bases) * charge.rate
    return exact * (1 + charge.excise_rate)


def charged(charge: Charge, bases: ChargeBases, terms: Terms) -> Charged:
    """One charge, rounded on its own, and its excise on the rounded amount."""
    mode, currency = terms.rounding.mode, terms.principal.currency
    amount = charge.amount
    if amount is None:
        amount = Money(rounded(_BASES[charge.basis](bases) * charge.rate, mode), currency)
    return Charged(charge, amount, Money(rounded(amount.minor * charge.excise_rate, mode), currency))


def capitalised(terms: Terms) -> tuple[Charged, ...]:
    """The charges lent on top of the principal. Raises ContradictoryTerms where they depend on interest."""
    charges = terms.charges_at(ChargeTiming.CAPITALISED)
    for charge in charges:
        if charge.basis not in {ChargeBasis.FLAT, ChargeBasis.PRINCIPAL}:
            raise ContradictoryTerms("charge_basis", given=charge.basis, limit=charge.timing)
    return tuple(charged(charge, ChargeBases(terms.principal.minor), terms) for charge in charges)


def pay_out(terms: Terms, *, total_interest: Money) -> PayOut:
    """What is lent, taken and paid out. `total_interest` is all interest of the loan, up front or scheduled.

    Raises ContradictoryTerms where nothing would be left to pay out.
    """
    on_top = capitalised(terms)
    bases = ChargeBases(terms.principal.minor, total_interest.minor)
    upfront = total_interest if terms.interest_is_upfront else Money.zero(terms.principal.currency)
    paid = PayOut(
        lent=sum((each.total for each in on_top), start=terms.principal),
        capitalised=on_top,
        deducted=_charged_at(ChargeTiming.DEDUCTED, bases, terms),
        interest=upfront,
        beside=_charged_at(ChargeTiming.AT_DISBURSEMENT, bases, terms),
    )
    if paid.net.minor <= 0:
        raise ContradictoryTerms("nothing_paid_out", given=paid.net.plain(), limit="0")
    return paid


def sum_of(charges: Iterable[Charged], kinds: frozenset[ChargeKind]) -> int:
    """The charges of these kinds with their excise, in minor units."""
    return sum(each.total.minor for each in charges if each.charge.kind in kinds)


FEES = frozenset({ChargeKind.FEE, ChargeKind.INSURANCE})
PENALTIES = frozenset({ChargeKind.PENALTY})


def _charged_at(timing: ChargeTiming, bases: ChargeBases, terms: Terms) -> tuple[Charged, ...]:
    return tuple(charged(charge, bases, terms) for charge in terms.charges_at(timing))
