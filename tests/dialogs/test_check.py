"""The proofs on the flows: sound ones pass, each kind of fault is found."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import Refusal
from dialogs import check, draw
from dialogs.catalogue import Catalogue, load_catalogue
from dialogs.check import FlowError, faults, refuse_faulty
from dialogs.check_rules import graph_faults
from dialogs.check_screens import screen_faults, text_faults
from dialogs.desk import Desk
from dialogs.flow import (
    STAY,
    Act,
    AnyState,
    Ask,
    Choice,
    Confirm,
    Effect,
    End,
    Flow,
    Go,
    Load,
    Option,
    Outcome,
    Resume,
    Rows,
    Secret,
    Show,
    Variant,
    Visit,
)
from dialogs.flow_book import FlowBook
from dialogs.flows import all_flows
from dialogs.inputs import TextReader
from dialogs.institution import Institution
from dialogs.slots import MONEY, Slot, TextSlot
from dialogs.trail import Keys

CODES = frozenset({"members.unknown"})


async def _nothing(_desk: Desk, _visit: Visit) -> Outcome:
    return Outcome(STAY)


def act(effect: Effect, *outcomes: str, signs_in: tuple[str, ...] = ()) -> Act:
    return Act(_nothing, outcomes, effect, signs_in)


SIGN_IN = Secret("pin", act=act(Effect.SIGN_IN, "in", signs_in=("in",)), on={"in": "home"})


def book(
    *states: AnyState, slots: Mapping[str, Slot] | None = None, others: tuple[Flow, ...] = ()
) -> FlowBook:
    """A service whose menu is made of these states."""
    start = Flow("start", needs_sign_in=False, states=(SIGN_IN, Go("home", flow="menu", afresh=True)))
    return FlowBook(
        [start, Flow("menu", states=states, slots=slots or {}), *others], start="start", home="menu"
    )


def graph(*states: AnyState, others: tuple[Flow, ...] = ()) -> list[str]:
    return graph_faults(book(*states, others=others), CODES, Keys())


def test_flows_of_the_service_are_sound(catalogue: Catalogue) -> None:
    assert faults(all_flows(), catalogue) == []
    assert faults(all_flows(), load_catalogue(Institution.longest())) == []


def test_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main() == 0
    assert "are sound" in capsys.readouterr().out


def test_small_sound_flow_has_no_fault() -> None:
    assert graph(Choice("top", options=(Option("1", "stop", to="bye"),)), End("bye")) == []


@pytest.mark.parametrize(
    ("fault", "states"),
    [
        ("menu.lost: nothing leads here", (Show("top"), Show("lost"))),
        (
            "menu.top: go leads to nowhere, which there is not",
            (Choice("top", options=(Option("1", "go", to="nowhere"),)),),
        ),
        ("menu: two states are called top", (Show("top"), Show("top"))),
        (
            "menu.moon: there is no flow moon",
            (Choice("top", options=(Option("1", "go", to="moon"),)), Go("moon", flow="moon")),
        ),
        ("menu.top: given leads nowhere", (Ask("top", reader=TextReader("x", 9)),)),
        ("menu.top: a choice of nothing", (Choice("top"),)),
        (
            "menu.top: two options have the key 1",
            (Choice("top", options=(Option("1", "a", to="b"), Option("1", "c", to="b"))), Show("b")),
        ),
        (
            "menu.top: the key 98 moves about and can be no option",
            (Choice("top", options=(Option("98", "a", to="b"),)), Show("b")),
        ),
        (
            "menu.top: numbered rows and options would share keys",
            (
                Choice(
                    "top",
                    options=(Option("1", "a", to="b"),),
                    rows=Rows("list", 3, chosen="row"),
                    on={"row": "b"},
                ),
                Show("b"),
            ),
        ),
        (
            "menu.top: done leads nowhere",
            (Choice("top", options=(Option("1", "a"),), act=act(Effect.SETTING, "done")),),
        ),
        (
            "menu.top: typo is never pulled",
            (Choice("top", options=(Option("1", "a", to="b"),), on={"typo": "b"}), Show("b")),
        ),
        (
            "menu.top: collect without a Confirm",
            (
                Choice("top", options=(Option("1", "a"),), act=act(Effect.COLLECT, "done"), on={"done": "b"}),
                End("b"),
            ),
        ),
        (
            "menu.top: a Confirm that names no figures",
            (
                Confirm("top", act=act(Effect.PAY_OUT, "done"), figures=(), on={"done": "b", "no": "b"}),
                End("b"),
            ),
        ),
        (
            "menu.top: no leads nowhere",
            (Confirm("top", act=act(Effect.PAY_OUT, "done"), figures=("x",), on={"done": "b"}), End("b")),
        ),
        (
            "menu.top: loads lead in a circle",
            (
                Show("top", load=Load(_nothing, outcomes=("on",)), on={"on": "b"}),
                Show("b", load=Load(_nothing, outcomes=("on",)), on={"on": "top"}),
            ),
        ),
    ],
)
def test_fault_in_the_graph_is_found(fault: str, states: tuple[AnyState, ...]) -> None:
    assert fault in graph(*states)


def test_flow_that_nobody_enters_is_found() -> None:
    assert "attic: no flow leads here" in graph(Show("top"), others=(Flow("attic", states=(Show("dust"),)),))


@pytest.mark.parametrize(
    ("fault", "states"),
    [
        ("start.pin: no way out", (Secret("pin", act=act(Effect.SIGN_IN, "in"), on={"in": "pin"}),)),
        (
            "menu.top: reached without a PIN",
            (
                Secret("pin", act=act(Effect.SIGN_IN, "in"), on={"in": "home"}),
                Go("home", flow="menu"),
            ),
        ),
        (
            "start.peek: member's data without a PIN",
            (
                Choice("menu", options=(Option("1", "peek", to="peek"), Option("2", "home", to="pin"))),
                End("peek", load=Load(_nothing)),
                SIGN_IN,
                Go("home", flow="menu", afresh=True),
            ),
        ),
        (
            "start.menu: setting without a PIN",
            (
                Choice(
                    "menu", options=(Option("1", "a"),), act=act(Effect.SETTING, "pin"), on={"pin": "pin"}
                ),
                SIGN_IN,
                Go("home", flow="menu", afresh=True),
            ),
        ),
        (
            "start.back: a task is resumed without a PIN",
            (
                Choice("menu", options=(Option("1", "a", to="back"), Option("2", "b", to="pin"))),
                Resume("back"),
                SIGN_IN,
                Go("home", flow="menu", afresh=True),
            ),
        ),
    ],
)
def test_way_around_the_pin_is_found(fault: str, states: tuple[AnyState, ...]) -> None:
    start = Flow("start", needs_sign_in=False, states=states)
    service = FlowBook([start, Flow("menu", states=(Show("top"),))], start="start", home="menu")

    assert fault in graph_faults(service, CODES, Keys())


# Texts and screens

TEXTS = {
    "start.pin.text": "PIN?",
    "menu.top.text": "Pay {amount}?",
    "menu.top.big": "Pay the big {amount}?",
    "menu.end.text": "Bye",
}


def small_catalogue(**changes: str) -> Catalogue:
    """The service's own sentences with a menu of one question; a change may name a key with __ for dots."""
    ours = load_catalogue(Institution.longest())
    kept = (
        "nav.",
        "confirm.",
        "calendar.",
        "wrong.",
        "told.",
        "trouble.",
        "end.",
        "refusal.",
        "notice.",
        "document.",
        "product.",
        "failure.",
        "account.",
        "limit_rule.",
        "what.",
    )
    changed = {key.replace("__", "."): text for key, text in changes.items()}
    texts = {
        language: {key: ours[language][key] for key in ours.known_keys() if key.startswith(kept)}
        | TEXTS
        | changed
        for language in ours.languages
    }
    return Catalogue(texts, Institution.longest())


def asking(**changes: object) -> FlowBook:
    question = Confirm(
        "top",
        act=act(Effect.COLLECT, "done"),
        figures=("amount",),
        variants=(Variant("big", needs="amount"),),
        on={"done": "end", "no": "end"},
    )
    return book(replace(question, **changes), End("end"), slots={"amount": MONEY})  # type: ignore[arg-type]  # fields by name


def found(service: FlowBook, catalogue: Catalogue) -> str:
    keys = frozenset(key for key in catalogue.known_keys() if key.startswith("refusal."))
    return "; ".join(text_faults(service, catalogue, keys) or screen_faults(service, catalogue, Keys(), keys))


def test_small_service_fits() -> None:
    assert found(asking(), small_catalogue()) == ""


def test_missing_text_is_found() -> None:
    assert "text menu.top.small is missing" in found(
        asking(variants=(Variant("small", needs="amount"),)), small_catalogue()
    )


def test_text_nobody_shows_is_found() -> None:
    assert "text menu.top.old is never used" in found(asking(), small_catalogue(menu__top__old="Old"))


def test_confirmation_that_hides_its_figure_in_a_variant_is_found() -> None:
    assert "en menu.top.big: does not name {amount}" in found(
        asking(), small_catalogue(menu__top__big="Pay a lot?")
    )


def test_brace_nobody_fills_is_found() -> None:
    assert "text menu.end.text: nobody fills {name}" in found(
        asking(), small_catalogue(menu__end__text="Bye {name}")
    )


def test_confirmation_over_two_pages_is_found() -> None:
    assert "does not fit one screen" in found(
        asking(), small_catalogue(menu__top__text="Pay {amount}? " + "x" * 110)
    )


def test_last_screen_that_is_too_long_is_found() -> None:
    assert "a page takes 161 of 160 septets" in found(asking(), small_catalogue(menu__end__text="x" * 161))


def test_notice_of_two_messages_is_found() -> None:
    assert "notice.loan_cleared takes" in found(
        asking(), small_catalogue(notice__loan_cleared="{receipt} {amount} {product} " + "x" * 130)
    )


def test_line_that_is_too_long_for_any_page_is_found() -> None:
    rows = Rows("list", most=2)
    service = book(Show("top", rows=rows), End("end"), slots={"amount": MONEY, "note": TextSlot(150)})
    service = FlowBook(
        [
            service.flows["start"],
            Flow("menu", states=(Show("top", rows=rows),), slots={"amount": MONEY, "note": TextSlot(150)}),
        ],
        start="start",
        home="menu",
    )
    texts = small_catalogue(menu__top__row="{note}")

    keys = frozenset(key for key in texts.known_keys() if key.startswith("refusal."))

    assert any("a page takes" in fault for fault in screen_faults(service, texts, Keys(), keys))


def test_faulty_flows_do_not_start(catalogue: Catalogue) -> None:
    with pytest.raises(FlowError, match="nothing leads here"):
        refuse_faulty(book(Show("top"), Show("lost")), catalogue)


def test_every_refusal_code_has_a_sentence(catalogue: Catalogue) -> None:
    codes = {kind.code for kind in check._kinds(Refusal)}

    assert {code for code in codes if f"refusal.{code}" not in catalogue.known_keys()} == set()


# Drawings


def test_flows_are_drawn_with_every_state_and_move() -> None:
    drawn = draw.pages()["repay.md"]

    assert "    entry_point(( )) --> loan\n" in drawn
    assert (
        '    confirm["Pay KES {collected} by M-Pesa from {phone}?<br/>[asks for the money]"]:::weighty\n'
        in drawn
    )
    assert '    confirm -->|"prompted"| prompted\n' in drawn
    assert '    amount -->|"3 Other amount"| other\n' in drawn


def test_a_name_that_the_drawing_keeps_for_itself_is_drawn_by_another() -> None:
    texts = Catalogue({"en": {"menu.end.text": 'a "quoted" <end>; #1'}}, Institution.longest())["en"]

    drawn = draw.drawing(Flow("menu", states=(End("end"),)), texts)

    assert 'end_screen(["a #quot;quoted#quot; #lt;end#gt;#59; #35;1"]):::last' in drawn


def test_drawings_are_written_one_per_flow_and_old_ones_go(tmp_path: Path) -> None:
    folder = tmp_path / "flows"
    folder.mkdir()
    (folder / "gone.md").write_text("no flow of ours", encoding="utf-8")

    assert draw.main([str(folder), "--check"]) == 1
    assert draw.main([str(folder)]) == 0

    assert sorted(path.stem for path in folder.iterdir()) == sorted(all_flows().flows)
    assert draw.main([str(folder), "--check"]) == 0


def test_drawings_in_the_documents_are_fresh() -> None:
    folder = Path(__file__).parents[2] / "docs" / "flows"

    assert draw.stale(folder) == [], "run `make diagrams`"
