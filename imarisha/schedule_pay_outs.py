"""What is paid out when? The disbursements of a request, held against its terms and dates."""

from datetime import date
from itertools import pairwise

from core.errors import AmountNotPositive, ContradictoryTerms, DatesOutOfOrder
from core.lending.schedule import Tranche
from core.money import Money
from imarisha.schedule_request import ScheduleRequest, WrongRequest
from imarisha.schedule_terms import Scale


def disbursed_on(request: ScheduleRequest) -> date | None:
    """The day of the first pay-out; None for a request without dates. Raises WrongRequest for dates in part."""
    if request.terms.due_dates_given and request.due_dates is None:
        raise WrongRequest("terms.due_dates_given: due_dates are needed")
    if request.disbursements:
        return request.disbursements[0].on
    for name, given in (("due_dates", request.due_dates), ("as_of", request.as_of)):
        if given is not None:
            raise WrongRequest(f"{name}: disbursements are needed to count from")
    return None


def later_tranches(request: ScheduleRequest, scale: Scale) -> list[Tranche]:
    """All pay-outs but the first, which is what they leave of the principal.

    Raises WrongRequest, AmountNotPositive, DatesOutOfOrder, and ContradictoryTerms where they aren't the principal.
    """
    paid = [
        Tranche(each.on, scale.money(each.amount, "disbursements.amount")) for each in request.disbursements
    ]
    for each in paid:
        if each.amount.minor <= 0:
            raise AmountNotPositive(scale.written(each.amount.minor))
    for earlier, later in pairwise(paid):
        if later.on < earlier.on:
            raise DatesOutOfOrder(first=earlier.on, second=later.on)
    if paid:
        _refuse_unlike_principal(
            sum((each.amount for each in paid), Money.zero(scale.currency)), request, scale
        )
    return paid[1:]


def _refuse_unlike_principal(total: Money, request: ScheduleRequest, scale: Scale) -> None:
    principal = scale.money(request.terms.principal, "terms.principal")
    if total != principal:
        raise ContradictoryTerms(
            "disbursed_unlike_principal",
            given=scale.written(total.minor),
            limit=scale.written(principal.minor),
        )
