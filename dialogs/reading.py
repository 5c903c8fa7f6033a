"""What does an input mean on this screen? Pure; numbers of options stay valid on whichever page they stand."""

from dialogs.flow import GIVEN, NO, Ask, Choice, Confirm, Option, Outcome, Screened, Secret
from dialogs.inputs import is_pin_shaped
from dialogs.remark import Remark, Sentence
from dialogs.values import Row, Values, rows

YES_KEY = "1"
NO_KEY = "2"


def read(state: Screened, typed: str, values: Values) -> Outcome | Remark:
    """The trigger an input pulls with the values it brings, or why it means nothing here.

    Where the state has an act, the act decides on the trigger; the values are what it is given.
    """
    if isinstance(state, Choice):
        return _read_choice(state, typed, values)
    if isinstance(state, Secret):
        return Outcome(GIVEN) if is_pin_shaped(typed) else Remark(Sentence.WRONG_PIN_SHAPE)
    if isinstance(state, Confirm) and typed in {YES_KEY, NO_KEY}:
        return Outcome(GIVEN if typed == YES_KEY else NO)
    if isinstance(state, Ask):
        return _given(state.reader(typed, values))
    return Remark(Sentence.WRONG_CHOICE)


def is_offered(option: Option, values: Values) -> bool:
    """Whether the option's line is shown and its key taken."""
    return not option.needs or bool(values.get(option.needs))


def numbered(state: Choice, values: Values) -> dict[str, Row]:
    """The rows a member may choose, by the number before them."""
    if state.rows is None or not state.rows.chosen:
        return {}
    return {str(number): row for number, row in enumerate(rows(values, state.rows.of), start=1)}


def _read_choice(state: Choice, typed: str, values: Values) -> Outcome | Remark:
    for option in state.options:
        if typed == option.key:
            if not is_offered(option, values):
                # Its key is remembered from other days: never an amount.
                return Remark(Sentence.WRONG_CHOICE)
            taken = {name: values[source] for name, source in option.gives.items()}
            return Outcome(option.name, {**taken, **option.sets})
    row = numbered(state, values).get(typed)
    if row is not None and state.rows is not None:
        return Outcome(state.rows.chosen, row)
    if state.otherwise is not None:
        return _given(state.otherwise(typed, values))
    return Remark(Sentence.WRONG_CHOICE)


def _given(reading: Values | Remark) -> Outcome | Remark:
    return reading if isinstance(reading, Remark) else Outcome(GIVEN, reading)
