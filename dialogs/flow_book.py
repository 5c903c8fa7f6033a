"""Where does a trigger lead? All flows of a process, each with one `transitions` machine built at start."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from transitions import Machine

from dialogs.flow import AnyState, Choice, Flow, Go, Screened, State, moves


class Position:
    """What a machine moves: only the name of a state. The machine never gets to keep one."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class FlowBook:
    """The flows that make one service, ready to be followed. Unchecked: `dialogs.check` proves them."""

    def __init__(self, flows: Sequence[Flow], *, start: str, home: str, guide: str = "") -> None:
        """`guide` is the flow that the help key leads to from any screen; empty for none."""
        self.guide = guide
        self.flows = {flow.name: flow for flow in flows}
        self.start = start
        self.home = home
        self._states = {(flow.name, state.name): state for flow in flows for state in flow.states}
        self._screens = {place: state for place, state in self._states.items() if isinstance(state, Screened)}
        self._events = {flow.name: _machine(flow).events for flow in flows}
        self._moves: dict[tuple[str, str, str], str] = {}
        self._shapes = {flow.name: [_shape(state) for state in flow.states] for flow in flows}
        self._versions: dict[tuple[str, ...], str] = {}

    def state(self, flow: str, name: str) -> AnyState:
        """The declaration of a state; KeyError where there is none."""
        return self._states[flow, name]

    def screen(self, flow: str, name: str) -> Screened:
        """The declaration of a state that has a screen; KeyError where there is none."""
        return self._screens[flow, name]

    def version_of(self, names: Iterable[str]) -> str:
        """Changes whenever a stored way through these flows, or a value kept on it, might no longer fit."""
        wanted = tuple(sorted({self.start, self.home, *names}))
        if wanted not in self._versions:
            shape = [(name, self._shapes.get(name)) for name in wanted]
            self._versions[wanted] = blake2b(repr(shape).encode(), digest_size=4).hexdigest()
        return self._versions[wanted]

    def follow(self, flow: str, state: str, trigger: str) -> str:
        """The state this trigger leads to. A trigger the state does not have is a bug, and raises."""
        move = (flow, state, trigger)
        if move not in self._moves:
            # Moves have no conditions, so the machine's answer to one is always the same.
            position = Position(state)
            self._events[flow][trigger].trigger(position)
            self._moves[move] = position.state
        return self._moves[move]


def _machine(flow: Flow) -> Machine:
    # One machine for all members and turns: building one, or adding a model to it, costs many times a turn.
    return Machine(
        model=None,
        states=[state.name for state in flow.states],
        initial=flow.first,
        transitions=[
            {"trigger": trigger, "source": state.name, "dest": target}
            for state in flow.states
            for trigger, target in moves(state)
        ],
        auto_transitions=False,
    )


def _shape(state: AnyState) -> tuple[object, ...]:
    options = [(option.key, option.name) for option in state.options] if isinstance(state, Choice) else []
    gives = state.load.gives if isinstance(state, State) and state.load else ()
    target = state.flow if isinstance(state, Go) else ""
    return (type(state).__name__, state.name, moves(state), options, gives, target)
