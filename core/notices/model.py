"""What do we tell members outside a conversation? Notices as data; `dialogs.render` makes the sentence."""

from dataclasses import dataclass
from enum import StrEnum

from core.phone import Msisdn


class NoticeKind(StrEnum):
    """The events a member hears of, each with a text per language."""

    REPAYMENT_RECEIVED = "repayment_received"
    """A loan repayment was posted."""

    LOAN_CLEARED = "loan_cleared"
    """A repayment was posted and nothing is left of the loan."""

    PAYMENT_FAILED = "payment_failed"
    """A prompt ended without money moving."""

    PAYMENT_UNANSWERED = "payment_unanswered"
    """Nobody could say what became of a prompt; it counts as not paid unless the money turns up."""

    TRANSFER_RECEIVED = "transfer_received"
    """Another member sent money to the member's account."""

    ORDER_FAILED = "order_failed"
    """A standing order found too little for as many days as it was tried."""

    TERM_ENDED = "term_ended"
    """A deposit for an agreed time matured, or was broken."""

    ACCOUNT_QUIET = "account_quiet"
    """An account will be dormant soon unless it is used."""

    ACCOUNT_DORMANT = "account_dormant"
    """Nothing was moved for so long that an account is dormant now."""

    GOAL_REACHED = "goal_reached"
    """A goal's account holds what was saved for."""

    TASK_WAITING = "task_waiting"
    """A call ended in the middle of something that can be gone on with."""

    LOAN_PAID_OUT = "loan_paid_out"
    """A loan's money arrived."""

    LOAN_PAYOUT_FAILED = "loan_payout_failed"
    """A loan's money did not arrive, and the loan is undone."""

    LOAN_CHANGED = "loan_changed"
    """What is asked on a loan was agreed anew."""

    GUARANTEE_CALLED = "guarantee_called"
    """A guarantor's deposits paid for another's loan."""

    DIVIDEND_PAID = "dividend_paid"
    """The year's dividend and interest on deposits were paid."""

    LOAN_APPLIED = "loan_applied"
    """An application for a loan was written down."""

    LOAN_APPROVED = "loan_approved"
    """An application was approved; its terms wait to be accepted."""

    LOAN_REJECTED = "loan_rejected"
    """An application was turned down."""

    LOAN_APPLICATION_LAPSED = "loan_application_lapsed"
    """Nobody went on with an application in time."""

    GUARANTEE_ASKED = "guarantee_asked"
    """Another member asks this one to guarantee their loan."""

    GUARANTEE_GIVEN = "guarantee_given"
    """A guarantor stands for the member's loan."""

    GUARANTEE_DECLINED = "guarantee_declined"
    """A guarantor said no to the member."""

    GUARANTEE_EXPIRED = "guarantee_expired"
    """A guarantor didn't answer the member in time."""

    GUARANTEE_ENDED = "guarantee_ended"
    """This member's guarantee is over; their deposits are free."""

    INSTALMENT_COMING = "instalment_coming"
    """An instalment falls due in a few days, or today."""

    INSTALMENT_LATE = "instalment_late"
    """An instalment was not paid in time."""

    PROMISE_BROKEN = "promise_broken"
    """The day of a promise to pay has passed without the money."""

    MEMBER_ADMITTED = "member_admitted"
    """Who asked to join is a member from now on."""

    MEMBER_TURNED_AWAY = "member_turned_away"
    """Who asked to join was not admitted."""

    PHONE_CODE = "phone_code"
    """A one-time code, to the number that is to be a member's."""

    PHONE_CHANGED = "phone_changed"
    """The member is known by this number from now on."""

    PHONE_LEFT = "phone_left"
    """The member is known by another number from now on; to the old one."""

    PIN_CHANGED = "pin_changed"
    """The member chose another PIN."""

    PIN_RESET = "pin_reset"
    """A forgotten PIN was replaced by phone."""

    PIN_TAKEN_AWAY = "pin_taken_away"
    """Staff took a PIN away, so that the member may choose another."""

    STATEMENT_READY = "statement_ready"
    """A statement may be fetched."""


class NoticeState(StrEnum):
    """How far a notice has come."""

    QUEUED = "queued"
    """Waits for a worker."""

    SENDING = "sending"
    """Handed to the provider, or about to be: never sent again from here."""

    SENT = "sent"
    """The provider took it."""

    FAILED = "failed"
    """The provider will not deliver it."""

    UNKNOWN = "unknown"
    """May have been taken; a delivery report may tell."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one member. `facts` fill the text; amounts are written as `1,000.00`."""

    notice_id: str
    member_id: str
    phone: Msisdn
    kind: NoticeKind
    language: str
    facts: dict[str, str]
    state: NoticeState
