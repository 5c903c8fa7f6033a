"""How does the branch's desk lend? The part of `BranchDesk` about limits, applications, guarantors and offers."""

from core.clock import business_date
from core.errors import ApplicationNotOpen
from core.lending.applications import choices, guarantor_view
from core.lending.applications.accept_terms import Shown, accept_terms, offer_of
from core.lending.applications.answer_guarantee import accept_guarantee, decline_guarantee
from core.lending.applications.apply import apply_for_loan
from core.lending.applications.ask_guarantor import request_guarantee, withdraw_request
from core.lending.applications.choices import LoanChoice
from core.lending.applications.disclosure import Figures
from core.lending.applications.guarantor_view import GuaranteeRequest
from core.lending.applications.leave_off import withdraw_application
from core.lending.applications.limits import figure_of, figure_text
from core.lending.applications.model import Application, ApplicationState
from core.lending.applications.standing import (
    ApplicationStanding,
    AskedGuarantor,
    application_standing,
    applications_of,
)
from core.lending.eligibility import RuleAnswer
from core.lending.guarantees import GuaranteeState
from core.lending.policies import Purpose
from core.lending.service.repay_from_savings import repay_from_savings
from core.members import store as members
from core.members.finding import find_other
from core.members.names import short_name
from core.money import Money
from core.phone import Msisdn
from dialogs.counter import Counter
from dialogs.loan_agreement import AGREEMENT_KEY, AGREEMENT_VERSION, agreement_text
from dialogs.loan_desk import (
    AskedMember,
    GuaranteeAsked,
    GuaranteeGiven,
    LimitReason,
    LoanDesk,
    LoanOnOffer,
    LoanWish,
    Person,
)

_LIVING = frozenset({GuaranteeState.REQUESTED, GuaranteeState.ACCEPTED})


class BranchLoans(Counter, LoanDesk):
    """Each method is one use case of lending in one transaction."""

    async def loans_on_offer(self, member_id: str, purpose: Purpose | None) -> tuple[LoanOnOffer, ...]:
        today = business_date(self._clock.now())
        async with self._database.reading() as session:
            found = await choices.choices_for(session, member_id, purpose, on=today)
        return tuple(_on_offer(choice) for choice in found)

    async def loan_on_offer(self, member_id: str, product: str) -> LoanOnOffer:
        return _on_offer(await self._choice(member_id, product))

    async def limit_reasons(self, member_id: str, product: str) -> tuple[LimitReason, ...]:
        choice = await self._choice(member_id, product)
        return tuple(
            LimitReason(answer.rule, _figure(answer), answer.cap)
            for answer in choice.limit.answers
            if answer.cap is not None
        )

    async def loan_cost(self, product: str, *, amount: Money, months: int) -> Figures:
        today = business_date(self._clock.now())
        return choices.cost_shown(product, amount=amount, instalments=months, on=today).figures

    async def apply_for_loan(
        self,
        *,
        application_id: str,
        member_id: str,
        product: str,
        amount: Money,
        months: int,
        purpose: Purpose,
        channel: str,
    ) -> LoanWish:
        now = self._clock.now()
        async with self._database.unit_of_work() as session:
            await apply_for_loan(
                session,
                self._ids,
                application_id=application_id,
                member_id=member_id,
                product=product,
                amount=amount,
                instalments=months,
                purpose=purpose,
                channel=channel,
                by=member_id,
                now=now,
            )
            return _wish(await application_standing(session, application_id, member_id=member_id, now=now))

    async def loan_wishes(self, member_id: str) -> tuple[LoanWish, ...]:
        async with self._database.reading() as session:
            found = await applications_of(session, member_id)
        return tuple(_wish(_bare(application)) for application in found)

    async def loan_wish(self, member_id: str, application_id: str) -> LoanWish:
        async with self._database.reading() as session:
            return _wish(
                await application_standing(
                    session, application_id, member_id=member_id, now=self._clock.now()
                )
            )

    async def withdraw_wish(self, member_id: str, application_id: str) -> None:
        async with self._database.unit_of_work() as session:
            await withdraw_application(
                session,
                self._ids,
                application_id=application_id,
                by=member_id,
                now=self._clock.now(),
                member_id=member_id,
            )

    async def other_member(self, phone: str, *, asked_by: str) -> Person:
        async with self._database.reading() as session:
            member = await find_other(session, Msisdn.parse(phone), asked_by=asked_by)
        return Person(member.member_id, short_name(member))

    async def ask_guarantor(
        self, *, guarantee_id: str, member_id: str, application_id: str, guarantor_id: str, amount: Money
    ) -> None:
        now = self._clock.now()
        async with self._database.unit_of_work() as session:
            await application_standing(session, application_id, member_id=member_id, now=now)
            await request_guarantee(
                session,
                self._ids,
                guarantee_id=guarantee_id,
                application_id=application_id,
                guarantor_id=guarantor_id,
                amount=amount,
                by=member_id,
                now=now,
            )

    async def do_without(self, member_id: str, *, application_id: str, guarantee_id: str) -> None:
        now = self._clock.now()
        async with self._database.unit_of_work() as session:
            await application_standing(session, application_id, member_id=member_id, now=now)
            await withdraw_request(
                session,
                self._ids,
                application_id=application_id,
                guarantee_id=guarantee_id,
                by=member_id,
                now=now,
            )

    async def loan_offer(self, member_id: str, application_id: str) -> Figures:
        now = self._clock.now()
        async with self._database.reading() as session:
            standing = await application_standing(session, application_id, member_id=member_id, now=now)
        offer = offer_of(standing.application, now=now)
        if offer is None or standing.application.state is not ApplicationState.APPROVED:
            raise ApplicationNotOpen(state=standing.application.state)
        return offer.figures

    async def accept_offer(
        self, *, member_id: str, application_id: str, shown: Figures, channel: str
    ) -> None:
        async with self._database.unit_of_work() as session:
            language = (await members.find(session, member_id)).language
            text = agreement_text(self._catalogue, language, shown)
            await accept_terms(
                session,
                application_id=application_id,
                member_id=member_id,
                shown=Shown(AGREEMENT_KEY, AGREEMENT_VERSION, language, text, shown),
                channel=channel,
                by=member_id,
                now=self._clock.now(),
            )

    async def guarantees_asked(self, member_id: str) -> tuple[GuaranteeAsked, ...]:
        async with self._database.reading() as session:
            waiting = await guarantor_view.requests_to(session, member_id, now=self._clock.now())
        return tuple(_asked(request) for request in waiting)

    async def guarantee_asked(self, member_id: str, guarantee_id: str) -> GuaranteeAsked:
        async with self._database.reading() as session:
            request = await guarantor_view.request_to(
                session, guarantee_id, guarantor_id=member_id, now=self._clock.now()
            )
        return _asked(request)

    async def accept_guarantee(self, member_id: str, guarantee_id: str, amount: Money) -> None:
        async with self._database.unit_of_work() as session:
            await accept_guarantee(
                session,
                self._ids,
                guarantee_id=guarantee_id,
                guarantor_id=member_id,
                amount=amount,
                by=member_id,
                now=self._clock.now(),
            )

    async def decline_guarantee(self, member_id: str, guarantee_id: str) -> None:
        async with self._database.unit_of_work() as session:
            await decline_guarantee(
                session,
                self._ids,
                guarantee_id=guarantee_id,
                guarantor_id=member_id,
                by=member_id,
                now=self._clock.now(),
            )

    async def guarantees_given(self, member_id: str) -> tuple[GuaranteeGiven, ...]:
        async with self._database.reading() as session:
            given = await guarantor_view.guarantees_given(session, member_id)
        return tuple(GuaranteeGiven(each.borrower, each.bound) for each in given)

    async def repay_from_savings(self, *, key: str, member_id: str, loan_id: str, amount: Money) -> Money:
        async with self._database.unit_of_work() as session:
            result = await repay_from_savings(
                session,
                self._ids,
                key=key,
                member_id=member_id,
                loan_id=loan_id,
                amount=amount,
                now=self._clock.now(),
            )
        return result.to_clear

    async def _choice(self, member_id: str, product: str) -> LoanChoice:
        today = business_date(self._clock.now())
        async with self._database.reading() as session:
            return await choices.choice_of(session, member_id, product, on=today)


def _on_offer(choice: LoanChoice) -> LoanOnOffer:
    policy, binding = choice.policy, choice.limit.binding
    return LoanOnOffer(
        product=choice.product,
        limit=choice.limit.amount,
        rule=binding.rule,
        number=_figure(binding),
        least=policy.least,
        months_least=policy.instalments_least,
        months_most=policy.instalments_most,
    )


def _figure(answer: RuleAnswer) -> str:
    """The figure of a rule as members read it."""
    figure = figure_of(answer)
    return str(figure) if isinstance(figure, Money) else figure_text(figure)


def _bare(application: Application) -> ApplicationStanding:
    return ApplicationStanding(application, Money.zero(application.amount.currency), 0, ())


def _wish(standing: ApplicationStanding) -> LoanWish:
    application = standing.application
    return LoanWish(
        application_id=application.application_id,
        number=application.number,
        product=application.product,
        amount=application.amount,
        months=application.instalments,
        state=application.state,
        is_open=application.is_open,
        has_offer=application.state is ApplicationState.APPROVED,
        missing=standing.missing,
        guarantors_missing=standing.guarantors_missing,
        guarantors=tuple(_asked_member(asked) for asked in standing.asked),
    )


def _asked_member(asked: AskedGuarantor) -> AskedMember:
    guarantee = asked.guarantee
    return AskedMember(
        guarantee_id=guarantee.guarantee_id,
        name=asked.name,
        state=guarantee.state,
        amount=guarantee.amount or guarantee.asked,
        is_open=guarantee.state in _LIVING,
    )


def _asked(request: GuaranteeRequest) -> GuaranteeAsked:
    guarantee = request.guarantee
    return GuaranteeAsked(
        guarantee_id=guarantee.guarantee_id,
        borrower=request.borrower,
        product=request.product,
        asked=guarantee.asked,
        free=request.free,
        answer_by=business_date(guarantee.expires_at),
    )
