"""Does `imarisha schedule` answer a request, and refuse in one line what is none?"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from imarisha.cli import commands, main
from imarisha.schedule_answer import answer
from imarisha.schedule_request import UnknownConvention, WrongRequest, parse_request
from imarisha.schedule_terms import Scale

_TERMS = {
    "principal": "1000.00",
    "annual_rate_pct": "12",
    "number_of_repayments": 4,
    "repay_every": 1,
    "repay_unit": "months",
    "interest_method": "declining_balance",
    "amortization": "equal_principal",
}


def _request(terms: Mapping[str, object] | None = None, **fields: object) -> bytes:
    agreed = _TERMS | dict(terms or {})
    request: dict[str, object] = {
        "currency": {"code": "KES", "decimals": 2},
        "terms": agreed,
        "rounding": {"money": "half_up"},
        "disbursements": [{"date": "2026-01-10", "amount": agreed["principal"]}],
    }
    return json.dumps(request | fields).encode()


def _paid_out(on: str, amount: str) -> dict[str, str]:
    return {"date": on, "amount": amount}


def _run(content: bytes) -> Result:
    return CliRunner().invoke(commands, ["schedule", "-"], input=content)


def _rows(content: bytes, field: str) -> list[Any]:
    return [row.get(field) for row in answer(parse_request(content))["rows"]]


def test_a_schedule_is_printed_with_rows_and_totals() -> None:
    printed = json.loads(_run(_request()).output)

    assert printed["rows"][1] == {
        "n": 2,
        "due_date": "2026-03-10",
        "principal": "250.00",
        "interest": "7.50",
        "fees": "0.00",
        "penalties": "0.00",
        "total": "257.50",
        "balance_after": "500.00",
    }
    assert printed["totals"] == {
        "principal": "1000.00",
        "interest": "25.00",
        "fees": "0.00",
        "penalties": "0.00",
        "total": "1025.00",
    }


def test_a_file_is_read_as_standard_input_is(tmp_path: Path) -> None:
    file = tmp_path / "loan.json"
    file.write_bytes(_request())

    shown = CliRunner().invoke(commands, ["schedule", str(file)])

    assert shown.exit_code == 0
    assert shown.output == _run(_request()).output


def test_due_dates_may_be_given() -> None:
    given = ["2026-02-12", "2026-03-12", "2026-04-13", "2026-05-12"]

    assert _rows(_request(due_dates=given), "due_date") == given


def test_a_loan_of_a_last_day_may_keep_to_last_days() -> None:
    lent = [{"date": "2026-02-28", "amount": "1000.00"}]

    assert _rows(_request(disbursements=lent), "due_date")[0] == "2026-03-28"
    kept = _request({"month_end_rule": "keep_last_day"}, disbursements=lent)
    assert _rows(kept, "due_date") == ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        ("move_to_next_working_day", "2026-03-02"),
        ("move_to_previous_working_day", "2026-02-27"),
        ("move_within_month", "2026-02-27"),
    ],
)
def test_weekends_and_holidays_move_due_dates(rule: str, due: str) -> None:
    days = {"weekend": ["saturday", "sunday"], "holidays": ["2026-03-31"], "rule": rule}
    lent = [{"date": "2026-01-31", "amount": "1000.00"}]

    assert _rows(_request(non_working_days=days, disbursements=lent), "due_date")[0] == due


def test_amounts_may_be_numbers_and_are_never_floats() -> None:
    assert _rows(_request({"principal": 1000.10}), "balance_after")[0] == "750.07"


def test_every_part_of_a_request_is_heard() -> None:
    charges = [
        {"timing": "at_disbursement", "basis": "percent_of_principal_plus_total_interest", "value": "1"},
        {"timing": "every_installment", "basis": "percent_of_interest_due", "value": "10"},
        {"timing": "specified_due_date", "basis": "flat", "value": "5.00", "due_date": "2026-03-01"},
        {"timing": "overdue", "basis": "percent_of_principal_plus_interest", "value": "2"},
        {"timing": "every_installment", "basis": "flat", "value": "1.00", "kind": "fee", "excise_pct": "20"},
        {"timing": "on_date", "basis": "flat", "value": "3.00", "date": "2026-04-01", "is_penalty": True},
    ]
    content = _request(
        charges=charges,
        down_payment={"percent": "25"},
        grace={"principal": 1},
        as_of="2026-03-10",
        convention="FC-DB-PERIOD-EP+DCHG+OVD",
    )

    assert _rows(content, "kind") == ["disbursement_fee", "down_payment", None, None, None, None]
    assert _rows(content, "principal") == ["0.00", "250.00", "0.00", "250.00", "250.00", "250.00"]
    assert _rows(content, "fees") == ["10.23", "0.00", "1.95", "6.95", "1.70", "1.45"]
    assert _rows(content, "penalties") == ["0.00", "0.00", "0.15", "0.00", "3.00", "0.00"]


def test_a_tranche_is_a_later_disbursement() -> None:
    disbursements = [_paid_out("2026-01-10", "600.00"), _paid_out("2026-02-10", "400.00")]

    assert _rows(_request(disbursements=disbursements), "interest")[:2] == ["6.00", "8.50"]


def test_without_a_label_the_view_of_a_day_has_interest_on_overdue_principal() -> None:
    assert _rows(_request(as_of="2026-03-25"), "interest") == ["10.00", "10.00", "7.42", "2.50"]


def test_without_disbursements_rows_have_no_dates() -> None:
    assert _rows(_request(disbursements=[]), "due_date") == [None] * 4


@pytest.mark.parametrize(
    ("terms", "interest"),
    [
        ({"interest_calc_period": "daily", "days_in_month": "30", "days_in_year": "360"}, "10.00"),
        ({"interest_calc_period": "daily", "days_in_month": "actual", "days_in_year": "364"}, "10.22"),
        ({"interest_calc_period": "daily"}, "10.19"),
        ({"rate_per_period_pct": "2"}, "20.00"),
        ({"amortization": "bullet"}, "10.00"),
        ({"interest_method": "flat", "interest_calc_period": "daily"}, "10.00"),
        ({"interest_method": "upfront"}, "0.00"),
        ({"interest_method": "flat", "principal_rule": "remaining_balance_over_remaining_rows"}, "10.00"),
    ],
)
def test_each_convention_is_read_from_its_fields(terms: Mapping[str, object], interest: str) -> None:
    assert _rows(_request(terms), "interest")[0] == interest


@pytest.mark.parametrize(
    ("rule", "second"),
    [
        ("fixed_rounded_installment_minus_rounded_interest", "248.81"),
        ("recomputed_installment_minus_interest_rounded", "248.81"),
        ("rounded_difference_of_installment_and_interest", "248.81"),
        ("recomputed_rounded_installment_minus_rounded_interest", "248.80"),
        ("recomputed_installment_minus_rounded_interest", "248.80"),
    ],
)
def test_principal_rules_say_what_is_rounded(rule: str, second: str) -> None:
    terms = {"principal": "1000.25", "amortization": "equal_installments", "principal_rule": rule}

    assert _rows(_request(terms), "principal")[1] == second


@pytest.mark.parametrize("basis", ["percent_of_the_moon", "half_of_principal"])
def test_a_charge_of_an_unknown_basis_is_refused(basis: str) -> None:
    charge = {"timing": "every_installment", "basis": basis, "value": "1"}

    with pytest.raises(UnknownConvention, match=basis):
        answer(parse_request(_request(charges=[charge])))


@pytest.mark.parametrize(
    "changes",
    [
        {"terms": _TERMS | {"leap_rule": "never"}},
        {"non_working_days": {"weekend": ["sunday"], "rule": "stay in bed"}},
        {"charges": [{"timing": "when it rains", "basis": "flat", "value": "1"}]},
    ],
)
def test_an_unknown_convention_is_refused_by_name(changes: dict[str, object]) -> None:
    progressive = {"interest_calc_period": "daily", "schedule_style": "progressive"}
    request = json.loads(_request()) | changes
    request["terms"] |= progressive

    refused = _run(json.dumps(request).encode())

    assert refused.exit_code == 1


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "truncated"),
        (b"\xff", "JSON"),
        (b"[]", "object"),
        (b'{"x": ' + b"[" * 100_000, "nested"),
        (b"{}", "currency"),
        (_request({"repay_unit": "moons"}), "repay_unit"),
        (_request({"principal": "1e999999999"}), "terms.principal"),
        (_request({"principal": "nan"}), "terms.principal"),
        (_request({"principal": "0.001"}), "terms.principal"),
        (_request({"annual_rate_pct": "Infinity"}), "annual_rate_pct"),
        (_request({"annual_rate_pct": None}), "annual_rate_pct"),
        (_request(currency={"code": "KES", "decimals": 9}), "decimals"),
        (
            _request(non_working_days={"weekend": ["caturday"], "rule": "move_to_next_working_day"}),
            "caturday",
        ),
        (_request({"grace_on_principal": 3}), "grace_on_principal"),
        (_request({"first_repayment_on": "2026-03-01"}), "first_repayment_on"),
        (_request(grace={"principle": 3}), "principle"),
        (_request(rounding={"mode": "up"}), "mode"),
        (
            _request(charges=[{"timing": "every_installment", "basis": "flat", "value": "1", "vat": 16}]),
            "vat",
        ),
        (_request(disbursements=[], due_dates=["2026-02-10"] * 4), "due_dates"),
        (_request(disbursements=[], as_of="2026-02-10"), "as_of"),
        (_request({"due_dates_given": True}), "due_dates_given"),
    ],
)
def test_what_is_no_request_ends_with_2_and_names_the_field(content: bytes, named: str) -> None:
    refused = _run(content)

    assert refused.exit_code == 2
    assert named in refused.output
    with pytest.raises(WrongRequest):
        answer(parse_request(content))


@pytest.mark.parametrize(
    ("content", "contradiction"),
    [
        (_request({"number_of_repayments": 0}), "no_instalments"),
        (_request({"number_of_repayments": 10**9}), "term_too_long"),
        (_request({"annual_rate_pct": "-1"}), "rate_negative"),
        (_request(grace={"principal": 4}), "grace_beyond_term"),
        (_request(rounding={"installment_multiple": "1000"}), "multiple_above_instalment"),
        (_request(due_dates=["2026-02-10"] * 3), "due_dates_missing"),
        (_request(due_dates=["2026-02-10", "2026-02-09"] * 2), "dates_out_of_order"),
        (_request(due_dates=["2026-02-10"] * 4), "dates_out_of_order"),
        (_request(as_of="2026-01-09"), "before_disbursement"),
        (_request(disbursements=[_paid_out("2026-01-10", "-5.00")]), "amount_not_positive"),
        (_request(disbursements=[_paid_out("2026-01-10", "0")]), "amount_not_positive"),
        (_request(disbursements=[_paid_out("2026-01-10", "1.00")]), "disbursed_unlike_principal"),
        (_request(disbursements=[_paid_out("2026-01-10", "1000.01")]), "disbursed_unlike_principal"),
        (
            _request(disbursements=[_paid_out("2026-01-10", "900.00"), _paid_out("2026-02-01", "200.00")]),
            "disbursed_unlike_principal",
        ),
        (
            _request(disbursements=[_paid_out("2026-02-10", "400.00"), _paid_out("2026-01-10", "600.00")]),
            "dates_out_of_order",
        ),
    ],
)
def test_terms_no_loan_could_have_end_with_1_and_the_facts(content: bytes, contradiction: str) -> None:
    refused = _run(content)

    assert refused.exit_code == 1
    assert contradiction in refused.output


def test_the_facts_of_a_contradiction_are_said() -> None:
    refused = _run(_request(disbursements=[_paid_out("2026-01-10", "999999.00")]))

    assert "given=999999.00 limit=1000.00" in refused.output


def test_what_a_file_of_vectors_says_beside_the_terms_is_read_over() -> None:
    about = {
        "id": "X-1",
        "cls": "x",
        "reproduced": True,
        "source": {"repo": "x"},
        "notes": "",
        "read_from": "x",
    }

    assert _run(_request(None, **about)).output == _run(_request()).output


def test_due_dates_that_holidays_pushed_together_stand() -> None:
    given = ["2026-01-10", "2026-02-12", "2026-02-12", "2026-03-10"]

    assert _rows(_request(due_dates=given), "due_date") == given


@pytest.mark.parametrize("day", ["9999-12-31", "9999-11-01", "9990-01-31", "0001-01-01"])
@pytest.mark.parametrize("unit", ["days", "weeks", "months"])
def test_dates_at_the_end_of_the_calendar_are_refused(day: str, unit: str) -> None:
    content = _request(
        {"repay_unit": unit, "number_of_repayments": 12, "due_dates_given": False},
        disbursements=[_paid_out(day, "1000.00")],
        non_working_days={"weekend": ["sunday"], "rule": "move_to_previous_working_day"},
    )

    refused = _run(content)

    assert (refused.exit_code, refused.output.count("\n")) == (1, 1)
    assert "beyond_calendar" in refused.output


@pytest.mark.parametrize(
    "fields",
    [
        {"due_dates": ["2026-02-10", "2026-03-10", "2026-04-10", "9999-12-31"]},
        {"as_of": "9999-12-31"},
    ],
)
def test_no_other_date_may_stand_at_the_end_of_the_calendar(fields: dict[str, object]) -> None:
    refused = _run(_request(None, **fields))

    assert refused.exit_code == 1
    assert "beyond_calendar" in refused.output


def test_a_refusal_is_one_line_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "loan.json"
    file.write_bytes(_request({"number_of_repayments": 0}))
    monkeypatch.setattr("sys.argv", ["imarisha", "schedule", str(file)])

    with pytest.raises(SystemExit) as ended:
        main()

    shown = capsys.readouterr()
    assert ended.value.code == 1
    assert (shown.out, shown.err.count("\n")) == ("", 1)


def test_a_scale_writes_what_it_read() -> None:
    assert Scale("XXX", 0).written(-12) == "-12"
    assert Scale("UGX", 0).currency == "UGX"
    assert Scale("KES", 0).written(Scale("KES", 3).unit) == "1000"
