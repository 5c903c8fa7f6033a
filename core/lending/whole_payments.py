"""How are payments whole units when interest and fees are not? The payment is rounded, the parts follow.

The exact row comes first. Each payment but the last is its exact sum as a multiple; the last one brings all
payments to the exact grand total as a multiple of its own. This is how classic Mifos rounds.
"""

from dataclasses import dataclass
from fractions import Fraction

from core.errors import ContradictoryTerms
from core.lending.annuity import level_annuity
from core.lending.charge_terms import OF_ROW, ChargeKind, ChargeTiming
from core.lending.charges import ChargeBases, exact_total
from core.lending.rounding import rounded
from core.lending.rounding_terms import PaymentRounding, RoundingMode
from core.lending.spread import Spread
from core.lending.terms import Amortisation, InterestMethod, Terms


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment and its parts in minor units."""

    principal: int
    interest: int
    fee: int

    @property
    def total(self) -> int:
        return self.principal + self.interest + self.fee


def lay_out_payments(terms: Terms, spread: Spread, payments: PaymentRounding) -> list[PaymentRow]:
    """The rows. A tiny loan in coarse units is overpaid before its end; its last row gives that back.

    Raises ContradictoryTerms for charges that are not the same on each row.
    """
    mode = terms.rounding.mode
    exact = _exact_rows(spread)
    exact_fee = _exact_fee(terms, spread.opening, sum((interest for _, interest in exact), start=Fraction(0)))
    fee = rounded(exact_fee, mode)
    rows: list[PaymentRow] = []
    for index, (principal, interest) in enumerate(exact[:-1]):
        total = _multiple(principal + interest + exact_fee, payments.payment_multiple, payments.payment_mode)
        if index < spread.spared:
            part = 0
        elif terms.amortisation is Amortisation.EQUAL_PRINCIPAL and not _is_flat(terms):
            part = rounded(principal, mode)
        else:
            part = total - rounded(interest, mode) - fee
        rows.append(PaymentRow(principal=part, interest=total - part - fee, fee=fee))
    grand_total = sum((sum(row, start=Fraction(0)) for row in exact), start=exact_fee * len(exact))
    return [*rows, _last(rows, spread.opening, grand_total, rounded(exact_fee * len(exact), mode), payments)]


def _last(
    rows: list[PaymentRow], opening: int, grand_total: Fraction, fees: int, payments: PaymentRounding
) -> PaymentRow:
    total = _multiple(grand_total, payments.total_multiple, payments.total_mode) - sum(
        row.total for row in rows
    )
    fee = fees - sum(row.fee for row in rows)
    principal = opening - sum(row.principal for row in rows)
    return PaymentRow(principal=principal, interest=total - principal - fee, fee=fee)


def _exact_rows(spread: Spread) -> list[tuple[Fraction, Fraction]]:
    """Principal and interest of each row before anything is rounded."""
    rate, balance = spread.nominal_factor, Fraction(spread.opening)
    is_flat = spread.method is not InterestMethod.DECLINING_BALANCE
    share = balance / spread.repaying
    instalment = level_annuity(balance, rate, spread.repaying)
    rows: list[tuple[Fraction, Fraction]] = []
    for index in range(len(spread.factors)):
        interest = (spread.opening if is_flat else balance) * rate
        is_share = is_flat or spread.amortisation is not Amortisation.EQUAL_INSTALMENTS
        principal = share if is_share else instalment - interest
        if index < spread.spared:
            principal = Fraction(0)
        rows.append((principal, interest))
        balance -= principal
    return rows


def _exact_fee(terms: Terms, principal: int, interest: Fraction) -> Fraction:
    """What each row carries of charges, exactly."""
    bases = ChargeBases(principal, interest)
    fee = Fraction(0)
    for charge in terms.charges:
        if charge.timing is not ChargeTiming.EVERY_INSTALMENT or charge.basis in OF_ROW:
            raise ContradictoryTerms("charge_in_whole_payments", given=charge.basis, limit=charge.timing)
        if charge.kind is ChargeKind.PENALTY:
            raise ContradictoryTerms("charge_in_whole_payments", given=charge.kind, limit=ChargeKind.FEE)
        fee += exact_total(charge, bases)
    return fee


def _is_flat(terms: Terms) -> bool:
    return terms.method is not InterestMethod.DECLINING_BALANCE


def _multiple(exact: Fraction, multiple: int, mode: RoundingMode) -> int:
    return rounded(exact / multiple, mode) * multiple
