"""Do members at the menu notice that others' PINs are being checked? Hashing a PIN takes 20 ms of a core.

The 99th hundredth (p99) of a menu hop's time, 500 hops a second, while nobody signs in and while 20 members a second
do, one after the other on the same web process. The ratio is the first over the second: 0.5 means that it doubles.
Server, caller and databases share the machine's cores as the system sees fit; on two cores 20 PINs a second take a
quarter of all there is.
"""

import statistics
from pathlib import Path

import msgspec

from imarisha.embedded import EmbeddedServers
from imarisha.wiring import Replacements
from tests.benchmarks.calls import Member
from tests.benchmarks.patient_caller import Plan, Saw
from tests.benchmarks.result import report
from tests.benchmarks.society import founded
from tests.benchmarks.web_server import run_caller, served

HOPS_A_SECOND = 500
PINS_A_SECOND = 20
SECONDS = 4.0
ROUNDS = 3
SIGNING_IN = round(PINS_A_SECOND * SECONDS)
AT_THE_MENU = 150


def run(servers: EmbeddedServers, _folder: Path) -> bool:
    members_count = AT_THE_MENU + SIGNING_IN
    environment, members = founded(servers, "bench_pins", members=members_count, replacements=Replacements())
    with served("imarisha.serve:application", environment, keep_on_core=False) as port:
        pairs = [
            (_p99(port, members, pins_a_second=0), _p99(port, members, pins_a_second=PINS_A_SECOND))
            for _ in range(ROUNDS)
        ]
    return report(
        "menu hop p99",
        "ms",
        f"the same while {PINS_A_SECOND} PINs a second are checked",
        pairs,
        budget=0.5,
    )


def _p99(port: int, members: list[Member], *, pins_a_second: int) -> float:
    plan = Plan(
        port=port,
        at_the_menu=members[:AT_THE_MENU],
        signing_in=members[AT_THE_MENU:],
        hops_a_second=HOPS_A_SECOND,
        pins_a_second=pins_a_second,
        seconds=SECONDS,
    )
    told = run_caller("tests.benchmarks.patient_caller", msgspec.json.encode(plan), keep_on_core=False)
    saw = msgspec.json.decode(told, type=Saw)
    if saw.pins_checked != pins_a_second * SECONDS:
        raise AssertionError(f"{saw.pins_checked} PINs were checked")
    return statistics.quantiles(saw.milliseconds, n=100)[-1]
