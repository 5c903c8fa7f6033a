"""What stands on the phone? A session's state, written in the member's language and cut to the network's length."""

from collections.abc import Mapping, Sequence

import structlog

from dialogs.catalogue import Catalogue, Texts
from dialogs.flow import Choice, Confirm, End, Flow, Rows, Screened, Show, Variant
from dialogs.flow_book import FlowBook
from dialogs.gsm import septets
from dialogs.messages import Reply
from dialogs.pages import page
from dialogs.reading import NO_KEY, YES_KEY, is_offered
from dialogs.remark import Remark
from dialogs.render import REMARK_SLOTS
from dialogs.session import Session, Step
from dialogs.step import Screen
from dialogs.trail import Keys, has_way_back, visible_values
from dialogs.values import Scalar, Values, rows

_log = structlog.get_logger(__name__)

# Screens without figures are the same for everybody: states x languages x network budgets x ways back.
_MOST_KEPT = 4096

# Wrong inputs in a row after which somebody is lost and is shown the way to the help.
_LOST = 2


class Screens:
    """Writes replies; screens that hold nothing of a member's are written once and kept."""

    def __init__(self, book: FlowBook, catalogue: Catalogue, keys: Keys) -> None:
        self._book = book
        self._catalogue = catalogue
        self._keys = keys
        self._fixed = _fixed_states(book, catalogue)
        self._kept: dict[tuple[str, str, str, int, int, bool], tuple[Reply, int]] = {}

    def reply(self, session: Session, screen: Screen, budget: int) -> Reply:
        """The reply for this screen; notes in the session's step which lines were shown."""
        if screen.farewell is not None:
            return self.farewell(screen.farewell, session.language)
        here = session.trail[-1]
        if screen.remark is not None or (here.flow, here.state) not in self._fixed:
            return self._written(session, here, screen.remark, budget)
        way_back = has_way_back(session, self._book)
        place = (here.flow, here.state, session.language, budget, here.first_line, way_back)
        kept = self._kept.get(place)
        if kept is None:
            kept = self._written(session, here, None, budget), here.following
            if len(self._kept) < _MOST_KEPT:
                self._kept[place] = kept
        reply, here.following = kept
        return reply

    def farewell(self, remark: Remark, language: str) -> Reply:
        """The end of a call that no state of a flow has; in all languages where the member's isn't known."""
        text = self._catalogue.sentence(remark, language, REMARK_SLOTS)
        return Reply(text=text, ends=True, label=remark.key)

    def _written(self, session: Session, here: Step, remark: Remark | None, budget: int) -> Reply:
        flow = self._book.flows[here.flow]
        state = self._book.screen(here.flow, here.state)
        lines = self._lines(flow, state, session)
        texts, ends = self._texts(session), isinstance(state, End)
        above = self._catalogue.sentence(remark, session.language, REMARK_SLOTS) if remark else ""
        keys = "" if ends else self._navigation(texts, here, session)
        offers = [keys]
        if session.wrong_inputs >= _LOST and self._book.guide and here.flow != self._book.guide:
            offers.insert(0, f"{keys} {help_key(texts, self._keys)}".strip())
        for offer in offers:
            more = more_key(texts, self._keys)
            cut = page(lines, start=here.first_line, budget=budget, keys=offer, more=more, above=above)
            # Help is offered where there is room for it: it never drives a line to another page.
            if offer == keys or (not cut.following and septets(cut.text) <= budget):
                break
        here.following = cut.following
        if septets(cut.text) > budget:
            # Every screen is proven to fit with the longest values of its slots: one of them holds more.
            _log.error("screen too long for the network", screen=f"{here.flow}.{here.state}")
        return Reply(text=cut.text, ends=ends, label=f"{here.flow}.{here.state}")

    def _navigation(self, texts: Texts, here: Step, session: Session) -> str:
        if has_way_back(session, self._book):
            return both_keys(texts, self._keys) if session.signed_in else back_key(texts, self._keys)
        return back_key(texts, self._keys) if here.pages else ""

    def _texts(self, session: Session) -> Texts:
        known = session.language in self._catalogue.languages
        return self._catalogue[session.language if known else self._catalogue.languages[0]]

    def _lines(self, flow: Flow, state: Screened, session: Session) -> list[str]:
        values = visible_values(session)
        if isinstance(state, Show | End) and state.tells:
            told = Remark(str(values["told"]), values)
            return self._catalogue.sentence(told, session.language, REMARK_SLOTS).split("\n")
        return state_lines(flow, state, self._texts(session), values)


def state_lines(flow: Flow, state: Screened, texts: Texts, values: Values) -> list[str]:
    """All lines of a state's screen, before they are cut into pages; each stays whole."""
    place = f"{flow.name}.{state.name}"
    lines = texts.fill(f"{place}.{_variant(state.variants, values, 'text')}", values, flow.slots).split("\n")
    if state.rows is not None:
        lines += _row_lines(place, state.rows, flow, texts, values)
    if isinstance(state, Choice):
        lines += [
            f"{option.key}. {texts.fill(f'{place}.{option.name}', values, flow.slots)}"
            for option in state.options
            if is_offered(option, values)
        ]
    if isinstance(state, Confirm):
        lines += [f"{YES_KEY}. {texts['confirm.yes']}", f"{NO_KEY}. {texts['confirm.no']}"]
    return lines


def back_key(texts: Texts, keys: Keys) -> str:
    """How Back stands under a screen."""
    return f"{keys.back} {texts['nav.back']}"


def both_keys(texts: Texts, keys: Keys) -> str:
    """How Back and Home stand under a screen."""
    return f"{back_key(texts, keys)} {keys.home} {texts['nav.home']}"


def help_key(texts: Texts, keys: Keys) -> str:
    """How Help stands behind them."""
    return f"{keys.help} {texts['nav.help']}"


def more_key(texts: Texts, keys: Keys) -> str:
    """How More stands behind them."""
    return f"{keys.more} {texts['nav.more']}"


def _row_lines(place: str, wanted: Rows, flow: Flow, texts: Texts, values: Values) -> list[str]:
    lines = []
    for number, row in enumerate(rows(values, wanted.of), start=1):
        known: Mapping[str, Scalar | Sequence[Mapping[str, Scalar]]] = {**values, **row}
        text = texts.fill(f"{place}.{_variant(wanted.variants, row, 'row')}", known, flow.slots)
        lines.append(f"{number}. {text}" if wanted.chosen else text)
    return lines


def _variant(variants: Sequence[Variant], values: Values, usual: str) -> str:
    return next((variant.text for variant in variants if values.get(variant.needs)), usual)


def _fixed_states(book: FlowBook, catalogue: Catalogue) -> frozenset[tuple[str, str]]:
    """The states whose screens hold nothing but texts."""
    texts = catalogue[catalogue.languages[0]]
    return frozenset(
        (flow.name, state.name)
        for flow in book.flows.values()
        for state in flow.states
        if isinstance(state, Screened) and _is_fixed(flow, state, texts)
    )


def _is_fixed(flow: Flow, state: Screened, texts: Texts) -> bool:
    if state.rows or state.variants or (isinstance(state, Show | End) and state.tells):
        return False
    options = state.options if isinstance(state, Choice) else ()
    place = f"{flow.name}.{state.name}"
    keys = [f"{place}.text", *(f"{place}.{option.name}" for option in options)]
    return not any(option.needs for option in options) and not any(texts.slots_of(key) for key in keys)
