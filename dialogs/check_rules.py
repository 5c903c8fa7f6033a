"""What is wrong with the shape of the flows? Rules about money, sign-in and ways out, proven on the graph."""

from collections import deque
from collections.abc import Iterable, Iterator

from dialogs.flow import (
    GIVEN,
    IN_DOUBT_MATTERS,
    NO,
    AnyState,
    Ask,
    Choice,
    Confirm,
    Effect,
    End,
    Flow,
    Go,
    Resume,
    Screened,
    Secret,
    act_of,
    moves,
)
from dialogs.flow_book import FlowBook
from dialogs.trail import Keys

Place = tuple[str, str]

_FOR_ANYBODY = frozenset({Effect.SIGN_IN, Effect.REGISTER})
"""What may be done before sign-in."""


def graph_faults(book: FlowBook, refusal_codes: frozenset[str], keys: Keys) -> list[str]:
    """One sentence per fault; empty when all rules hold."""
    faults = [fault for flow in book.flows.values() for fault in _names(flow, book)]
    if faults:
        return faults
    for flow in book.flows.values():
        for state in flow.states:
            if isinstance(state, Screened):
                place = f"{flow.name}.{state.name}"
                faults += [f"{place}: {fault}" for fault in _triggers(state, refusal_codes)]
                faults += [f"{place}: {fault}" for fault in _option_keys(state, keys)]
                faults += [f"{place}: {fault}" for fault in _money(state)]
        faults += _unreached(flow)
        faults += _dead_ends(flow, book.guide)
        faults += _load_circles(flow)
    return [*faults, *_flows_never_entered(book), *_before_sign_in(book)]


def _names(flow: Flow, book: FlowBook) -> Iterator[str]:
    names = [state.name for state in flow.states]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{flow.name}: two states are called {name}"
    for state in flow.states:
        for trigger, target in moves(state):
            if target not in names:
                yield f"{flow.name}.{state.name}: {trigger} leads to {target}, which there is not"
        if isinstance(state, Go) and state.flow not in book.flows:
            yield f"{flow.name}.{state.name}: there is no flow {state.flow}"


def _triggers(state: Screened, refusal_codes: frozenset[str]) -> Iterator[str]:
    """Each trigger that can be pulled leads somewhere, and nothing waits for one that can't."""
    act, pulled = act_of(state), set(state.load.outcomes if state.load else ())
    if act is not None:
        pulled |= set(act.outcomes)
    if isinstance(state, Ask):
        pulled.add(GIVEN)
    if isinstance(state, Confirm):
        pulled.add(NO)
    if isinstance(state, Choice) and act is None:
        pulled |= {option.name for option in state.options}
        pulled |= {GIVEN} if state.otherwise else set()
        pulled |= {state.rows.chosen} if state.rows and state.rows.chosen else set()
    known = {trigger for trigger, _ in moves(state)}
    yield from (f"{trigger} leads nowhere" for trigger in sorted(pulled - known))
    idle = known - pulled - (refusal_codes if act or state.load else frozenset())
    yield from (f"{trigger} is never pulled" for trigger in sorted(idle))


def _option_keys(state: Screened, keys: Keys) -> Iterator[str]:
    if not isinstance(state, Choice):
        return
    offered = [option.key for option in state.options]
    for key in sorted({key for key in offered if offered.count(key) > 1}):
        yield f"two options have the key {key}"
    for key in sorted(keys.all() & set(offered)):
        yield f"the key {key} moves about and can be no option"
    if state.rows and state.rows.chosen and offered:
        yield "numbered rows and options would share keys"
    if not offered and not (state.rows and state.rows.chosen) and state.otherwise is None:
        yield "a choice of nothing"


def _money(state: Screened) -> Iterator[str]:
    """What moves money or makes a debt is confirmed, with its figures."""
    act = act_of(state)
    names_figures = isinstance(state, Confirm) or (isinstance(state, Secret) and bool(state.figures))
    if act is not None and act.effect in IN_DOUBT_MATTERS and not names_figures:
        yield f"{act.effect} without a Confirm"
    if isinstance(state, Confirm) and not state.figures:
        yield "a Confirm that names no figures"


def _unreached(flow: Flow) -> Iterator[str]:
    reached = _reached(flow, [flow.first])
    for state in flow.states:
        if state.name not in reached:
            yield f"{flow.name}.{state.name}: nothing leads here"


def _dead_ends(flow: Flow, guide: str) -> Iterator[str]:
    """From every screen there is a way out: to an end, to another flow, or by Back and Home once signed in."""
    if flow.needs_sign_in or flow.name == guide:
        return
    by_name = {state.name: state for state in flow.states}
    for state in flow.states:
        ways = _reached(flow, [state.name])
        if not any(isinstance(by_name[name], End | Go | Resume) for name in ways):
            yield f"{flow.name}.{state.name}: no way out"


def _load_circles(flow: Flow) -> Iterator[str]:
    leads = {
        state.name: [state.on[outcome] for outcome in state.load.outcomes if outcome in state.on]
        for state in flow.states
        if isinstance(state, Screened) and state.load
    }
    for start, targets in leads.items():
        seen, ahead = set[str](), deque(targets)
        while ahead:
            name = ahead.popleft()
            if name == start:
                yield f"{flow.name}.{start}: loads lead in a circle"
                break
            if name not in seen:
                seen.add(name)
                ahead.extend(leads.get(name, ()))


def _flows_never_entered(book: FlowBook) -> Iterator[str]:
    entered, ahead = {book.start}, deque([book.start])
    while ahead:
        for state in book.flows[ahead.popleft()].states:
            if isinstance(state, Go) and state.flow not in entered:
                entered.add(state.flow)
                ahead.append(state.flow)
    for name in book.flows:
        if name not in entered and name != book.guide:
            yield f"{name}: no flow leads here"


def _before_sign_in(book: FlowBook) -> Iterator[str]:
    """Follow every way that has not passed an act that signs in: it may show and do nothing of a member's."""
    start = book.flows[book.start]
    seen, ahead = set[Place](), deque([(start.name, start.first)])
    while ahead:
        place = ahead.popleft()
        if place in seen:
            continue
        seen.add(place)
        flow, state = book.flows[place[0]], book.state(*place)
        yield from (f"{flow.name}.{state.name}: {fault}" for fault in _shown_to_anybody(flow, state))
        if isinstance(state, Go):
            ahead.append((state.flow, book.flows[state.flow].first))
        act = act_of(state)
        signs_in = act.signs_in if act is not None else ()
        ahead.extend((flow.name, target) for trigger, target in moves(state) if trigger not in signs_in)


def _shown_to_anybody(flow: Flow, state: AnyState) -> Iterator[str]:
    if flow.needs_sign_in:
        yield "reached without a PIN"
        return
    if isinstance(state, Resume):
        yield "a task is resumed without a PIN"
    act = act_of(state)
    if act is not None and act.effect not in _FOR_ANYBODY:
        yield f"{act.effect} without a PIN"
    if isinstance(state, Screened) and state.load and not state.load.tells_nothing:
        yield "member's data without a PIN"


def _reached(flow: Flow, start: Iterable[str]) -> set[str]:
    by_name = {state.name: state for state in flow.states}
    seen, ahead = set[str](), deque(start)
    while ahead:
        name = ahead.popleft()
        if name not in seen:
            seen.add(name)
            ahead.extend(target for _, target in moves(by_name[name]))
    return seen
