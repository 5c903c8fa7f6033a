"""Phones, references, products, accounts, and everything together."""

import pytest

from tests.nlu.readings import said


@pytest.mark.parametrize(
    "text",
    [
        *("0711000001", "0711 000 001", "0711-000-001", "0711.000.001", "+254711000001", "+254 711 000 001"),
        *(
            "254711000001",
            "00254711000001",
            "254-711-000001",
            "+254 (0) 711 000 001",
            "711000001",
            "(0711) 000001",
        ),
        *("tuma kwa 0711000001.", "0711000001kindly", "namba ni:0711000001"),
    ],
)
def test_a_kenyan_number_is_known_in_any_form(text: str) -> None:
    assert said(text) == {"phone": "+254711000001"}


def test_new_and_foreign_numbers_are_known() -> None:
    assert said("0110 123 456") == {"phone": "+254110123456"}
    assert said("+256 772 123456") == {"phone": "+256772123456"}


@pytest.mark.parametrize(
    "text", ["071100000", "07110000011", "0811000001", "0190000001", "0711***001", "700,000,000"]
)
def test_what_only_looks_like_a_phone_is_none(text: str) -> None:
    assert "phone" not in said(text)


def test_two_numbers_are_asked_about() -> None:
    assert said("badilisha 0711000001 iwe 0722000002") == {"phone": ["+254711000001", "+254722000002"]}


def test_a_number_beside_an_amount_is_not_part_of_it() -> None:
    assert said("tuma 500 kwa 0711000001") == {"amount": "500", "phone": "+254711000001"}
    assert said("0711 000 001 500") == {"amount": "500", "phone": "+254711000001"}


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("TKL98HG7YU", "TKL98HG7YU"),
        ("check code tkl98hg7yu", "TKL98HG7YU"),
        ("nimelipa, QJK3R5T8WX", "QJK3R5T8WX"),
        ("code ni rgt5678901", "RGT5678901"),
        ("LN-00871", "LN-00871"),
        ("ln00871 balance", "LN-00871"),
        ("loan ln 123456", "LN-123456"),
        ("loan number 00871", "LN-00871"),
        ("SDE4RT6YH8 ya ksh 2000", "SDE4RT6YH8"),
    ],
)
def test_a_reference_is_told_in_its_own_form(text: str, reference: str) -> None:
    assert said(text)["reference"] == reference


@pytest.mark.parametrize(
    "text", ["KES2500000", "LN-0087", "statements", "december25", "paybill600", "ABCDEFGHIJ"]
)
def test_what_only_looks_like_a_reference_is_none(text: str) -> None:
    assert "reference" not in said(text)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("nataka emergency loan", "emergency"),
        ("mkopo wa dharura", "emergency"),
        ("nataka loan ya development", "development"),
        ("mkopo wa maendeleo", "development"),
        ("i would like to borrow 20,000 for school fees", "school_fees"),
        ("nataka mkopo wa karo elfu thelathini", "school_fees"),
        ("loan ya fees", "school_fees"),
        ("loan ya biz", "business"),
        ("i want loan for business 200k", "business"),
        ("mkopo wa biashara", "business"),
        ("daily payment for my boda loan 350", "boda"),
        ("loan ya nduthi", "boda"),
        ("salary advance ya 8k", "salary_advance"),
        ("advansi ya mshahara", "salary_advance"),
        ("i would like an advance on my salary", "salary_advance"),
        ("dharura", "emergency"),
        ("ya biashara", "business"),
    ],
)
def test_a_product_is_known_by_its_names(text: str, product: str) -> None:
    assert said(text).get("product") == product


@pytest.mark.parametrize(
    "text",
    [
        "what business can i do with 10k",
        "biashara yangu iko poa",
        "i have an emergency",
        "loan fees",
        "my boda broke",
    ],
)
def test_a_purpose_alone_is_no_product(text: str) -> None:
    assert "product" not in said(text)


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("deposit 500 to my savings", "savings"),
        ("akiba yangu", "savings"),
        ("akaunti ya akiba", "savings"),
        ("toa kwa deposits", "deposits"),
        ("amana zangu", "deposits"),
        ("ongeza hisa", "shares"),
        ("deposit into fosa 7000", "fosa"),
        ("open fixed deposit of 100k", "fixed_deposit"),
        ("amana ya muda maalum", "fixed_deposit"),
        ("deposit to junior account 1000", "junior"),
        ("akiba ya watoto", "junior"),
        ("holiday savings 500", "holiday"),
        ("my holiday savings", "holiday"),
        ("my fixed deposit", "fixed_deposit"),
        ("akiba ya likizo", "holiday"),
    ],
)
def test_an_account_is_known_by_its_names(text: str, account: str) -> None:
    assert said(text).get("account") == account


@pytest.mark.parametrize(
    "text", ["deposit 500", "my pin issue is fixed", "share my statement", "is monday a holiday"]
)
def test_a_verb_is_no_account(text: str) -> None:
    assert "account" not in said(text)


@pytest.mark.parametrize(
    ("text", "everything"),
    [
        ("nataka loan ya elfu tano nilipe kwa miezi mitatu", {"amount": "5000", "term_months": "3"}),
        ("can you lend me 15k i pay in 3 months", {"amount": "15000", "term_months": "3"}),
        (
            "nikope emergency loan ya 10k, nitalipa tarehe 5 kwa 0711000001",
            {"product": "emergency", "amount": "10000", "date": "2026-04-05", "phone": "+254711000001"},
        ),
        (
            "I have sent 3000 for my loan LN-00871, the mpesa code is RGT56HJ8KL",
            {"amount": "3000", "reference": ["LN-00871", "RGT56HJ8KL"]},
        ),
        (
            "transfer 2000 from savings to shares kesho",
            {"amount": "2000", "account": ["savings", "shares"], "date": "2026-03-12"},
        ),
        ("five thousand loan for two months", {"amount": "5000", "term_months": "2"}),
        ("weka 500 kila mwezi", {"amount": "500"}),
        ("kopa 2k siku 30", {"amount": "2000", "term": "P30D"}),
        ("lipa mia tano tarehe tano", {"amount": "500", "date": "2026-04-05"}),
        ("nilipe loan na mpesa 1,500/=", {"amount": "1500"}),
        ("naomba salio", {}),
        ("", {}),
    ],
)
def test_everything_said_is_told_apart(text: str, everything: dict[str, str | list[str]]) -> None:
    assert said(text) == everything
