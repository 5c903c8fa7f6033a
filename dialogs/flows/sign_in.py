"""Who is on the line, and do they know their PIN? The first conversation of every call."""

from dialogs.desk import Desk, Fate, FateState, PinState
from dialogs.flow import (
    STAY,
    Act,
    Choice,
    Effect,
    End,
    Flow,
    Go,
    Load,
    Option,
    Outcome,
    Resume,
    Secret,
    Visit,
)
from dialogs.remark import Remark, Sentence
from dialogs.slots import NAME, WordSlot


async def _greet(desk: Desk, visit: Visit) -> Outcome:
    caller = await desk.caller(visit.phone)
    # A locked PIN is asked for all the same: only its check knows when the lock ends.
    return Outcome("no_pin" if caller.pin is PinState.NONE else STAY, caller=caller)


async def _check_pin(desk: Desk, visit: Visit) -> Outcome:
    await desk.sign_in(visit.member_id, visit.secret, visit.attempt)
    return Outcome("signed_in")


async def _propose_pin(desk: Desk, visit: Visit) -> Outcome:
    await desk.propose_pin(visit.member_id, visit.secret)
    return Outcome("proposed")


async def _choose_pin(desk: Desk, visit: Visit) -> Outcome:
    await desk.choose_pin(visit.member_id, visit.secret)
    return Outcome("chosen")


async def _look_for_unfinished(desk: Desk, visit: Visit) -> Outcome:
    """Whether to go on with something; a payment that was begun is only told of, never offered again."""
    if visit.sent:
        fate = await desk.fate(visit.member_id, visit.sent)
        if fate.state is not FateState.NOT_BEGUN:
            return Outcome("begun", remark=_told(fate))
    if not visit.parked_flow:
        return Outcome("nothing_unfinished")
    return Outcome(STAY, {"what": visit.parked_flow})


def _told(fate: Fate) -> Remark:
    sentence = {
        FateState.PAID: Sentence.TOLD_PAID,
        FateState.FAILED: Sentence.TOLD_FAILED,
    }.get(fate.state, Sentence.TOLD_PENDING)
    return Remark(sentence, {"amount": fate.amount.minor, "receipt": fate.receipt})


SIGN_IN = Flow(
    "sign_in",
    needs_sign_in=False,
    slots={"first_name": NAME, "what": WordSlot("what")},
    states=(
        Secret(
            "pin",
            load=Load(_greet, outcomes=("no_pin",), tells_nothing=True),
            act=Act(_check_pin, outcomes=("signed_in",), effect=Effect.SIGN_IN, signs_in=("signed_in",)),
            on={
                "no_pin": "choose_pin",
                "signed_in": "unfinished",
                "members.unknown": "register",
                "membership.pending": "refused",
                "members.not_active": "refused",
                "members.pin_locked": "locked",
                "members.pin_not_set": "choose_pin",
            },
        ),
        Secret(
            "choose_pin",
            act=Act(_propose_pin, outcomes=("proposed",), effect=Effect.SIGN_IN),
            on={"proposed": "repeat_pin", "members.pin_already_set": "pin"},
        ),
        Secret(
            "repeat_pin",
            act=Act(_choose_pin, outcomes=("chosen",), effect=Effect.SIGN_IN, signs_in=("chosen",)),
            on={
                "chosen": "unfinished",
                "members.pin_mismatch": "choose_pin",
                "members.pin_already_set": "pin",
            },
        ),
        Choice(
            "unfinished",
            load=Load(_look_for_unfinished, outcomes=("nothing_unfinished", "begun"), tells_nothing=True),
            options=(Option("1", "go_on", to="resume"), Option("2", "start_again", to="give_up")),
            on={"nothing_unfinished": "home", "begun": "give_up"},
        ),
        Choice("locked", options=(Option("1", "forgot", to="identity"),)),
        Go("identity", flow="identity"),
        Go("register", flow="register"),
        Resume("resume"),
        Go("give_up", flow="home", afresh=True, forgets_parked=True),
        Go("home", flow="home", afresh=True),
        End("refused", tells=True),
    ),
)
