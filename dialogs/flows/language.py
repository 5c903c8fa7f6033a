"""In which language shall we talk from now on?"""

from dialogs.desk import Desk
from dialogs.flow import Act, Choice, Effect, Flow, Option, Outcome, Show, Visit
from dialogs.values import text


async def _set_language(desk: Desk, visit: Visit) -> Outcome:
    language = text(visit.values, "language")
    await desk.set_language(visit.member_id, language)
    return Outcome("set", language=language)


LANGUAGE = Flow(
    "language",
    states=(
        Choice(
            "choose",
            options=(
                Option("1", "english", sets={"language": "en"}),
                Option("2", "swahili", sets={"language": "sw"}),
            ),
            act=Act(_set_language, outcomes=("set",), effect=Effect.SETTING),
            on={"set": "done"},
        ),
        Show("done"),
    ),
)
