"""Does every screen fit, in every language, with the longest values it can hold? And is each text there and used?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from dialogs.catalogue import Catalogue, Texts
from dialogs.flow import Choice, Confirm, End, Flow, Screened, Secret, Show, Variant
from dialogs.flow_book import FlowBook
from dialogs.gsm import foreign_letters, septets
from dialogs.pages import page
from dialogs.remark import Sentence
from dialogs.render import NOTICE_SLOTS, REMARK_SLOTS
from dialogs.screens import both_keys, more_key, state_lines
from dialogs.slots import NAME, Slot, WordSlot
from dialogs.statement_words import DOCUMENT_GROUPS, DOCUMENT_KEYS
from dialogs.trail import Keys
from dialogs.values import Row, Value

BUDGET = 160
"""Septets of the strictest network, and of one SMS."""

NOTICES = (
    "notice.repayment_received",
    "notice.repayment_received_with_excess",
    "notice.loan_cleared",
    "notice.loan_cleared_with_excess",
    "notice.payment_failed",
    "notice.payment_unanswered",
    "notice.transfer_received",
    "notice.order_failed",
    "notice.term_ended",
    "notice.account_quiet",
    "notice.account_dormant",
    "notice.goal_reached",
    "notice.task_waiting",
    "notice.guarantee_called",
    "notice.loan_changed",
    "notice.loan_paid_out",
    "notice.loan_payout_failed",
    "notice.dividend_paid",
    "notice.loan_applied",
    "notice.loan_approved",
    "notice.loan_rejected",
    "notice.loan_application_lapsed",
    "notice.guarantee_asked",
    "notice.guarantee_given",
    "notice.guarantee_declined",
    "notice.guarantee_expired",
    "notice.guarantee_ended",
    "notice.instalment_coming",
    "notice.instalment_late",
    "notice.promise_broken",
    "notice.member_admitted",
    "notice.member_turned_away",
    "notice.phone_code",
    "notice.phone_changed",
    "notice.phone_left",
    "notice.pin_changed",
    "notice.pin_reset",
    "notice.pin_taken_away",
    "notice.statement_ready",
)
_EVERYWHERE = ("nav.back", "nav.home", "nav.more", "nav.help", "confirm.yes", "confirm.no", "calendar.months")
_BEFORE_LANGUAGE = frozenset(
    {
        Sentence.END_BUSY,
        Sentence.END_STILL_WORKING,
        Sentence.END_FAULT,
        Sentence.END_TOO_LONG,
        Sentence.END_LOST_THREAD,
        Sentence.END_NOT_YOUR_CALL,
        "refusal.members.unknown",
        "refusal.members.not_active",
        "refusal.membership.pending",
    }
)
"""Said when the caller's language may not be known yet, so in all of them."""

_NO_SLOTS: Mapping[str, Slot] = MappingProxyType({})
_CALLER_SLOTS: Mapping[str, Slot] = {"first_name": NAME}


def text_faults(book: FlowBook, catalogue: Catalogue, refusal_keys: frozenset[str]) -> list[str]:
    """Texts that are missing, never used, or hold a brace nobody fills."""
    faults: list[str] = []
    wanted: dict[str, Mapping[str, Slot]] = dict.fromkeys(_EVERYWHERE, _NO_SLOTS)
    wanted |= dict.fromkeys([*Sentence, *sorted(refusal_keys)], REMARK_SLOTS)
    wanted |= dict.fromkeys(NOTICES, NOTICE_SLOTS)
    wanted |= dict.fromkeys(DOCUMENT_KEYS, _NO_SLOTS)
    told = (*NOTICE_SLOTS.values(), *REMARK_SLOTS.values())
    groups = [slot.group for slot in told if isinstance(slot, WordSlot)]
    groups += DOCUMENT_GROUPS
    for flow in book.flows.values():
        groups += [slot.group for slot in flow.slots.values() if isinstance(slot, WordSlot)]
        for state in flow.states:
            if isinstance(state, Screened):
                keys = list(state_keys(flow, state))
                wanted |= dict.fromkeys(keys, flow.slots)
                faults += _figures_not_named(state, keys, catalogue)
    known = catalogue.known_keys()
    faults += [f"text {key} is missing" for key in wanted if key not in known]
    unused = [key for key in sorted(known - wanted.keys()) if key.rpartition(".")[0] not in groups]
    faults += [f"text {key} is never used" for key in unused]
    faults += [f"text {group}.other is missing" for group in groups if f"{group}.other" not in known]
    for key in wanted.keys() & known:
        unknown = catalogue[catalogue.languages[0]].slots_of(key) - wanted[key].keys()
        faults += [f"text {key}: nobody fills {{{name}}}" for name in sorted(unknown)]
    return faults


def state_keys(flow: Flow, state: Screened) -> Iterator[str]:
    """All keys of the texts a state may show."""
    place = f"{flow.name}.{state.name}"
    if not (isinstance(state, Show | End) and state.tells):
        yield f"{place}.text"
        yield from (f"{place}.{variant.text}" for variant in state.variants)
    if state.rows is not None:
        yield f"{place}.row"
        yield from (f"{place}.{variant.text}" for variant in state.rows.variants)
    if isinstance(state, Choice):
        yield from (f"{place}.{option.name}" for option in state.options)


def screen_faults(
    book: FlowBook, catalogue: Catalogue, keys: Keys, refusal_keys: frozenset[str]
) -> list[str]:
    """Screens and messages that do not fit. Call it only when there are no text faults."""
    faults = []
    for language in catalogue.languages:
        texts = catalogue[language]
        for flow in book.flows.values():
            for state in flow.states:
                if isinstance(state, Screened):
                    place = f"{language} {flow.name}.{state.name}"
                    found = _faults_of_screen(flow, state, texts, keys, refusal_keys)
                    faults += [f"{place}: {fault}" for fault in sorted(set(found))]
        for key in NOTICES:
            faults += _too_long(f"{language} {key}", _longest(key, texts, NOTICE_SLOTS))
    for key in (each for each in [*Sentence, *sorted(refusal_keys)] if each.startswith(("end.", "refusal."))):
        both = "\n".join(_longest(key, catalogue[each], REMARK_SLOTS) for each in catalogue.languages)
        alone = [_longest(key, catalogue[each], REMARK_SLOTS) for each in catalogue.languages]
        for text in [both] if key in _BEFORE_LANGUAGE else alone:
            faults += _too_long(key, text)
    return faults


def _faults_of_screen(
    flow: Flow, state: Screened, texts: Texts, keys: Keys, refusal_keys: frozenset[str]
) -> Iterator[str]:
    remarks = sorted(_remarks(state, texts, refusal_keys), key=septets)
    for lines in _written(flow, state, texts, refusal_keys):
        yield from (
            f"{' '.join(sorted(foreign))!r} can't be sent"
            for line in lines
            if (foreign := foreign_letters(line))
        )
        one_page = isinstance(state, Secret | Confirm | End)
        navigation = both_keys(texts, keys) if flow.needs_sign_in and not isinstance(state, End) else ""
        for above in {"", *remarks[-1:]}:
            start = 0
            while True:
                cut = page(
                    lines,
                    start=start,
                    budget=BUDGET,
                    keys=navigation,
                    more=more_key(texts, keys),
                    above=above,
                )
                yield from _too_long("a page", cut.text)
                if one_page and cut.following:
                    yield f"does not fit one screen: {cut.text!r}"
                if not cut.following:
                    break
                start = cut.following


def _written(flow: Flow, state: Screened, texts: Texts, refusal_keys: frozenset[str]) -> Iterator[list[str]]:
    """The state's lines in each of its variants, with the longest values."""
    if isinstance(state, Show | End) and state.tells:
        yield from (_longest(key, texts, REMARK_SLOTS).split("\n") for key in refusal_keys)
        return
    slots = {**flow.slots, **_CALLER_SLOTS}
    values: dict[str, Value] = {name: slot.longest(texts) for name, slot in slots.items()}
    for variants in _one_by_one(state.variants):
        needed = {variant.needs: values.get(variant.needs) or 1 for variant in variants}
        if state.rows is None:
            yield state_lines(flow, replace(state, variants=variants), texts, {**values, **needed})
            continue
        for row_variants in _one_by_one(state.rows.variants):
            row: Row = {**_scalars(values), **{variant.needs: 1 for variant in row_variants}}
            row = {**row, **{name: value for name, value in _scalars(values).items() if value}}
            shown = replace(state, variants=variants, rows=replace(state.rows, variants=row_variants))
            filled: dict[str, Value] = {**values, **needed, state.rows.of: [row] * state.rows.most}
            yield state_lines(flow, shown, texts, filled)


def _one_by_one(variants: tuple[Variant, ...]) -> Iterator[tuple[Variant, ...]]:
    yield ()
    yield from ((variant,) for variant in variants)


def _scalars(values: Mapping[str, Value]) -> dict[str, str | int]:
    return {name: value for name, value in values.items() if isinstance(value, str | int)}


def _remarks(state: Screened, texts: Texts, refusal_keys: frozenset[str]) -> Iterator[str]:
    """What may stand above a screen that waits for an input."""
    if isinstance(state, End):
        return
    told = (Sentence.TOLD_PAID, Sentence.TOLD_PENDING, Sentence.TOLD_FAILED)
    sentences: Iterable[str] = (Sentence.BUSY, Sentence.WRONG_CHOICE)
    if isinstance(state, Secret):
        pins = (key for key in refusal_keys if key.startswith("refusal.members.pin_"))
        sentences = (Sentence.BUSY, Sentence.UPDATED, Sentence.WRONG_PIN_SHAPE, *pins)
    elif isinstance(state, Show):
        sentences = (Sentence.WRONG_CHOICE,)
    elif not isinstance(state, Confirm):
        sentences = (Sentence.BUSY, Sentence.WRONG_AMOUNT, Sentence.WRONG_TEXT, *told, *refusal_keys)
    for key in sentences:
        yield _longest(key, texts, REMARK_SLOTS)


def _longest(key: str, texts: Texts, slots: Mapping[str, Slot]) -> str:
    values = {name: slots[name].longest(texts) for name in texts.slots_of(key)}
    return texts.fill(key, values, slots)


def _too_long(what: str, text: str) -> list[str]:
    length = septets(text)
    return [f"{what} takes {length} of {BUDGET} septets: {text!r}"] if length > BUDGET else []


def _figures_not_named(state: Screened, keys: list[str], catalogue: Catalogue) -> Iterator[str]:
    if not isinstance(state, Confirm | Secret):
        return
    for language in catalogue.languages:
        for key in keys:
            if key in catalogue[language]:
                missing = set(state.figures) - catalogue[language].slots_of(key)
                yield from (f"{language} {key}: does not name {{{name}}}" for name in sorted(missing))
