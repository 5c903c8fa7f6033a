"""How does a member move money to another account: their own, or another member's, whose name is shown first?"""

from core.money import Money
from dialogs.desk import Desk
from dialogs.flow import (
    STAY,
    Act,
    Ask,
    Choice,
    Confirm,
    Effect,
    End,
    Flow,
    Load,
    Option,
    Outcome,
    Rows,
    Secret,
    Show,
    Variant,
    Visit,
)
from dialogs.flows.own_accounts import MOST, account_row, payers
from dialogs.inputs import AmountReader, PhoneReader
from dialogs.savings_desk import AccountHeld
from dialogs.slots import ACCOUNT, LOAN_MONEY, NAME
from dialogs.values import Values, money, text

LEAST = Money(100)


async def _sources(desk: Desk, visit: Visit) -> Outcome:
    rows = await payers(desk, visit.member_id)
    if not rows:
        return Outcome("none")
    return Outcome("chosen", rows[0]) if len(rows) == 1 else Outcome(STAY, {"sources": rows})


async def _own(desk: Desk, visit: Visit) -> Outcome:
    source = text(visit.values, "account_id")
    rows = [
        {"to_id": row["account_id"], "to": row["account"], "to_name": row["name"]}
        for row in map(account_row, await _takers(desk, visit.member_id, source))
    ]
    return Outcome(STAY, {"others": rows}) if rows else Outcome("none_own")


async def _takers(desk: Desk, member_id: str, source: str) -> list[AccountHeld]:
    accounts = await desk.accounts(member_id)
    return [each for each in accounts if each.takes_money and each.account_id != source]


async def _receiver(desk: Desk, visit: Visit) -> Outcome:
    person = await desk.other_member(text(visit.values, "phone"), asked_by=visit.member_id)
    to_id = await desk.receiving_account(person.member_id)
    return Outcome(STAY, {"to_id": to_id, "receiver": person.name, **await _range(desk, visit)})


async def _own_range(desk: Desk, visit: Visit) -> Outcome:
    return Outcome(STAY, await _range(desk, visit))


async def _range(desk: Desk, visit: Visit) -> Values:
    source = text(visit.values, "account_id")
    free = [each.available for each in await desk.accounts(visit.member_id) if each.account_id == source]
    most = max([LEAST, *free])
    return {"least": LEAST.minor, "most": most.minor}


async def _mint(desk: Desk, _visit: Visit) -> Outcome:
    return Outcome(STAY, {"key": desk.new_id("trf")})


async def _move(desk: Desk, visit: Visit) -> Outcome:
    await desk.transfer(
        key=text(visit.values, "key"),
        member_id=visit.member_id,
        source_id=text(visit.values, "account_id"),
        destination_id=text(visit.values, "to_id"),
        amount=money(visit.values, "amount"),
    )
    return Outcome("moved")


async def _move_with_pin(desk: Desk, visit: Visit) -> Outcome:
    await desk.sign_in(visit.member_id, visit.secret, visit.attempt)
    return await _move(desk, visit)


_REFUSED = {"savings.not_open": "refused", "savings.unknown_account": "refused"}

TRANSFER = Flow(
    "transfer",
    slots={
        "account": ACCOUNT,
        "name": NAME,
        "available": LOAN_MONEY,
        "to": ACCOUNT,
        "to_name": NAME,
        "receiver": NAME,
        "least": LOAN_MONEY,
        "most": LOAN_MONEY,
        "amount": LOAN_MONEY,
    },
    states=(
        Choice(
            "source",
            load=Load(_sources, gives=("sources",), outcomes=("none", "chosen")),
            rows=Rows(of="sources", most=MOST, chosen="chosen", variants=(Variant("named", needs="name"),)),
            on={"chosen": "whose", "none": "none"},
        ),
        Choice("whose", options=(Option("1", "own", to="own"), Option("2", "member", to="phone"))),
        Choice(
            "own",
            load=Load(_own, gives=("others",), outcomes=("none_own",)),
            rows=Rows(of="others", most=MOST, chosen="chosen", variants=(Variant("named", needs="to_name"),)),
            on={"chosen": "own_amount", "none_own": "none_own"},
        ),
        Ask(
            "own_amount",
            load=Load(_own_range, gives=("least", "most")),
            reader=AmountReader(least="least", most="most"),
            on={"given": "own_confirm"},
        ),
        Confirm(
            "own_confirm",
            load=Load(_mint, gives=("key",)),
            act=Act(_move, outcomes=("moved",), effect=Effect.PAY_OUT),
            figures=("amount", "account", "to"),
            on={"no": "own_amount", "moved": "own_moved", "savings.insufficient": "own_amount", **_REFUSED},
        ),
        Ask("phone", reader=PhoneReader("phone"), on={"given": "amount"}),
        Ask(
            "amount",
            load=Load(_receiver, gives=("to_id", "receiver", "least", "most")),
            reader=AmountReader(least="least", most="most"),
            on={"given": "agree", "members.no_such_number": "phone", "savings.unknown_account": "refused"},
        ),
        Secret(
            "agree",
            load=Load(_mint, gives=("key",)),
            act=Act(_move_with_pin, outcomes=("moved",), effect=Effect.PAY_OUT),
            figures=("amount", "receiver"),
            on={
                "moved": "moved",
                "members.pin_locked": "refused",
                "savings.insufficient": "amount",
                **_REFUSED,
            },
        ),
        End("own_moved"),
        End("moved"),
        Show("none"),
        Show("none_own"),
        Show("refused", tells=True),
    ),
)
