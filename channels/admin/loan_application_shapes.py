"""How does an application look to staff, piece by piece?"""

from datetime import date, datetime

from pydantic import BaseModel

from channels.admin.schemas import Amount
from core.lending.applications.disclosure import Disclosure, Figures
from core.lending.applications.limits import figure_text
from core.lending.applications.model import Application
from core.lending.applications.route import Vote
from core.lending.applications.security import Collateral, Security
from core.lending.eligibility import Limit, Pay, RuleAnswer
from core.lending.guarantees import Guarantee
from core.lending.loan import Loan
from core.lending.matching import Match


class PayShown(BaseModel):
    """A member's pay a month."""

    basic: Amount
    deductions: Amount

    @classmethod
    def of(cls, pay: Pay | None) -> "PayShown | None":
        return None if pay is None else cls(basic=Amount.of(pay.basic), deductions=Amount.of(pay.deductions))


class ApplicationShown(BaseModel):
    """A member's wish for a loan. `amount` is what was offered, or asked for as long as nothing is."""

    id: str
    number: str
    member_id: str
    product: str
    asked: Amount
    asked_instalments: int
    amount: Amount
    instalments: int
    purpose: str
    channel: str
    written_by: str
    state: str
    applied_at: datetime
    expires_at: datetime
    pay: PayShown | None
    appraised_by: str | None
    appraisal: str
    accepted_at: datetime | None
    reason: str
    loan_id: str | None
    clears: list[str]

    @classmethod
    def of(cls, application: Application) -> "ApplicationShown":
        accepted = application.accepted
        return cls(
            id=application.application_id,
            number=application.number,
            member_id=application.member_id,
            product=application.product,
            asked=Amount.of(application.asked),
            asked_instalments=application.asked_instalments,
            amount=Amount.of(application.amount),
            instalments=application.instalments,
            purpose=application.purpose,
            channel=application.channel,
            written_by=application.written_by,
            state=application.state,
            applied_at=application.applied_at,
            expires_at=application.expires_at,
            pay=PayShown.of(application.pay),
            appraised_by=application.appraised_by,
            appraisal=application.appraisal,
            accepted_at=None if accepted is None else accepted.at,
            reason=application.reason,
            loan_id=application.loan_id,
            clears=list(application.clears),
        )


class RuleShown(BaseModel):
    """What one rule of the limit says: the most it allows, null where it doesn't bind, and its figures."""

    rule: str
    cap: Amount | None
    figures: dict[str, str]

    @classmethod
    def of(cls, answer: RuleAnswer) -> "RuleShown":
        return cls(
            rule=answer.rule,
            cap=None if answer.cap is None else Amount.of(answer.cap),
            figures={name: figure_text(figure) for name, figure in answer.figures.items()},
        )


class LimitShown(BaseModel):
    """How much a member may borrow, and the rule that decides."""

    product: str
    amount: Amount
    binding: RuleShown
    rules: list[RuleShown]

    @classmethod
    def of(cls, limit: Limit) -> "LimitShown":
        return cls(
            product=limit.product,
            amount=Amount.of(limit.amount),
            binding=RuleShown.of(limit.binding),
            rules=[RuleShown.of(answer) for answer in limit.answers],
        )


class MatchShown(BaseModel):
    """How one product fits a wish; `amount` and `months` are the nearest that it can do."""

    product: str
    fits: bool
    misfits: list[str]
    amount: Amount
    months: int
    cost: Amount
    limit: LimitShown

    @classmethod
    def of(cls, match: Match) -> "MatchShown":
        return cls(
            product=match.product,
            fits=match.fits,
            misfits=[misfit.value for misfit in match.misfits],
            amount=Amount.of(match.amount),
            months=match.months,
            cost=Amount.of(match.cost),
            limit=LimitShown.of(match.limit),
        )


class FiguresShown(BaseModel):
    """What the loan costs, paid as agreed. `apr` is percent."""

    principal: Amount
    received: Amount
    instalment: Amount
    last_instalment: Amount
    instalments: int
    interest: Amount
    charges: Amount
    to_pay: Amount
    cost: Amount
    apr: str

    @classmethod
    def of(cls, figures: Figures) -> "FiguresShown":
        return cls(
            principal=Amount.of(figures.principal),
            received=Amount.of(figures.received),
            instalment=Amount.of(figures.instalment),
            last_instalment=Amount.of(figures.last_instalment),
            instalments=figures.instalments,
            interest=Amount.of(figures.interest),
            charges=Amount.of(figures.charges),
            to_pay=Amount.of(figures.to_pay),
            cost=Amount.of(figures.cost),
            apr=figures.apr,
        )


class OfferShown(BaseModel):
    """The cost of the terms on offer, were they paid out today."""

    figures: FiguresShown
    first_due_on: date
    last_due_on: date

    @classmethod
    def of(cls, offer: Disclosure) -> "OfferShown":
        return cls(
            figures=FiguresShown.of(offer.figures),
            first_due_on=offer.first_due_on,
            last_due_on=offer.last_due_on,
        )


class SecurityShown(BaseModel):
    """What stands behind the amount, and what is lacking."""

    own: Amount
    guaranteed: Amount
    collateral: Amount
    missing: Amount
    guarantors: int
    guarantors_missing: int
    is_full: bool

    @classmethod
    def of(cls, security: Security) -> "SecurityShown":
        return cls(
            own=Amount.of(security.own),
            guaranteed=Amount.of(security.guaranteed),
            collateral=Amount.of(security.collateral),
            missing=Amount.of(security.missing),
            guarantors=security.guarantors,
            guarantors_missing=security.guarantors_missing,
            is_full=security.is_full,
        )


class GuaranteeShown(BaseModel):
    """One member's word for another's loan."""

    id: str
    subject: str
    guarantor_id: str
    asked: Amount
    amount: Amount
    state: str
    requested_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    substituted_by: str | None

    @classmethod
    def of(cls, guarantee: Guarantee) -> "GuaranteeShown":
        return cls(
            id=guarantee.guarantee_id,
            subject=guarantee.subject,
            guarantor_id=guarantee.guarantor_id,
            asked=Amount.of(guarantee.asked),
            amount=Amount.of(guarantee.amount),
            state=guarantee.state,
            requested_at=guarantee.requested_at,
            expires_at=guarantee.expires_at,
            answered_at=guarantee.answered_at,
            substituted_by=guarantee.substituted_by,
        )


class CollateralShown(BaseModel):
    """A thing given as security. `secures` is the part of its worth that counts."""

    id: str
    subject: str
    kind: str
    description: str
    reference: str
    worth: Amount
    secures: Amount
    valued_on: date
    valued_by: str
    state: str

    @classmethod
    def of(cls, thing: Collateral) -> "CollateralShown":
        return cls(
            id=thing.collateral_id,
            subject=thing.subject,
            kind=thing.kind,
            description=thing.description,
            reference=thing.reference,
            worth=Amount.of(thing.valuation.worth),
            secures=Amount.of(thing.secures),
            valued_on=thing.valuation.on,
            valued_by=thing.valuation.by,
            state=thing.state,
        )


class VoteShown(BaseModel):
    """One person's word on an application."""

    staff_id: str
    is_for: bool
    reason: str
    at: datetime

    @classmethod
    def of(cls, vote: Vote) -> "VoteShown":
        return cls(staff_id=vote.staff_id, is_for=vote.is_for, reason=vote.reason, at=vote.at)


class PaidOutShown(BaseModel):
    """The loan that an application became. `paid_out` is what the member got."""

    loan_id: str
    number: str
    principal: Amount
    paid_out: Amount | None
    paid_to: str
    status: str

    @classmethod
    def of(cls, loan: Loan) -> "PaidOutShown":
        return cls(
            loan_id=loan.loan_id,
            number=loan.number,
            principal=Amount.of(loan.principal),
            paid_out=None if loan.paid_out is None else Amount.of(loan.paid_out),
            paid_to=loan.paid_to,
            status=loan.status,
        )


class ApplicationPicture(BaseModel):
    """Everything that whoever appraises or decides looks at."""

    application: ApplicationShown
    limit_now: LimitShown
    security: SecurityShown
    guarantees: list[GuaranteeShown]
    collateral: list[CollateralShown]
    votes: list[VoteShown]
    votes_needed: int
    roles_that_vote: list[str]
    offer: OfferShown | None
