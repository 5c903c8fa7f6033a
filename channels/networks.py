"""How does each operator's network talk? Profiles as data: the adapter reads by them, the simulator plays them.

Budgets, Safaricom's 160 and Airtel's 184 (kept under the 182 that one USSD operation holds): Africa's Talking help
centre; 180 s for a call, 30 s for an answer: the same. Networks nobody has told us of get the strictest.
The last two are no networks of Africa's Talking: so operators' own gateways were seen to talk, and an installation
behind one names its network by IMARISHA_USSD_NETWORKS.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

import msgspec

from dialogs.messages import TextStyle


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """One network's manners."""

    code: str
    """As `networkCode` of a request."""
    name: str
    budget: Annotated[int, msgspec.Meta(ge=160, le=182)] = 160
    """Septets of one screen."""
    style: TextStyle = TextStyle.CUMULATIVE
    code_first: bool = False
    """The dialled code comes as the first input."""
    start_repeats: bool = False
    """The beginning of a call may be sent twice."""
    tells_end: bool = True
    """How a call ended is told by an event; else there is silence."""
    call_seconds: Annotated[int, msgspec.Meta(ge=30)] = 180
    idle_seconds: Annotated[int, msgspec.Meta(ge=10)] = 30


SAFARICOM = Network(code="63902", name="Safaricom")
AIRTEL = Network(code="63903", name="Airtel", budget=182)
TELKOM = Network(code="63907", name="Telkom")
EQUITEL = Network(code="63999", name="Equitel")
SANDBOX = Network(code="99999", name="Sandbox")
LATEST_ONLY = Network(
    code="latest-only", name="Newest input only", style=TextStyle.LATEST, tells_end=False, start_repeats=True
)
CODE_FIRST = Network(code="code-first", name="Dialled code first", code_first=True, tells_end=False)

UNKNOWN = Network(code="", name="other")
"""Any network without a profile."""

KNOWN = (SAFARICOM, AIRTEL, TELKOM, EQUITEL, SANDBOX)
NETWORKS: Mapping[str, Network] = MappingProxyType({network.code: network for network in KNOWN})
PLAYED: Mapping[str, Network] = MappingProxyType(
    {network.code: network for network in (*KNOWN, LATEST_ONLY, CODE_FIRST)}
)
"""What the demo answers and its phones offer."""


def networks_of(setting: str, known: Mapping[str, Network] = NETWORKS) -> Mapping[str, Network]:
    """The profiles with what an installation says of its own. Raises ValueError naming what is wrong.

    >>> networks_of('{"63903": {"budget": 170, "call_seconds": 120}}')["63903"].budget
    170
    """
    try:
        changes = msgspec.json.decode(setting or "{}", type=dict[str, dict[str, str | int | bool]])
        changed = {
            code: msgspec.convert(
                {
                    **_fields(known.get(code, UNKNOWN)),
                    "name": f"network {code}",
                    **_name(known, code),
                    **change,
                    "code": code,
                },
                Network,
            )
            for code, change in changes.items()
        }
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from None
    strange = {name for change in changes.values() for name in change} - set(Network.__struct_fields__)
    if strange:
        raise ValueError(f"a network has no {', '.join(sorted(strange))}")
    return {**known, **changed}


def _name(known: Mapping[str, Network], code: str) -> dict[str, str]:
    return {"name": known[code].name} if code in known else {}


def _fields(network: Network) -> dict[str, object]:
    return msgspec.structs.asdict(network)
