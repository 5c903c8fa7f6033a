from dataclasses import replace
from fractions import Fraction

import pytest

from core.lending.model import Portion, Product, percent
from core.lending.products import DEVELOPMENT, EMERGENCY, PRODUCTS
from core.lending.terms import MONTHLY, Amortisation, InterestMethod
from core.money import Money


def test_a_product_is_found_by_its_code_and_named_by_a_text_key() -> None:
    assert PRODUCTS["development"] is DEVELOPMENT
    assert PRODUCTS["emergency"] is EMERGENCY
    assert DEVELOPMENT.name_key == "product.development"


def test_a_product_gives_its_rate_and_method_to_the_terms() -> None:
    terms = DEVELOPMENT.terms(principal=Money(100_000), instalments=48)

    assert terms.rate_per_period == Fraction(1, 100)
    assert terms.method is InterestMethod.DECLINING_BALANCE
    assert terms.amortisation is Amortisation.EQUAL_INSTALMENTS
    assert terms.frequency == MONTHLY


@pytest.mark.parametrize(("product", "instalments"), [(DEVELOPMENT, 49), (EMERGENCY, 13)])
def test_a_longer_term_than_the_product_allows_is_refused(product: Product, instalments: int) -> None:
    with pytest.raises(ValueError, match="instalments"):
        product.terms(principal=Money(100_000), instalments=instalments)


def test_a_product_that_contradicts_itself_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="every portion"):
        replace(DEVELOPMENT, allocation_order=(Portion.INTEREST, Portion.PRINCIPAL))
    with pytest.raises(ValueError, match="percentage"):
        replace(DEVELOPMENT, percent_per_month="1%")
    with pytest.raises(ValueError, match="at least one"):
        replace(DEVELOPMENT, max_instalments=0)


@pytest.mark.parametrize(
    ("text", "rate"), [("1.00", Fraction(1, 100)), ("0", Fraction(0)), ("9.4822", Fraction(47411, 500_000))]
)
def test_a_percentage_is_read_exactly(text: str, rate: Fraction) -> None:
    assert percent(text) == rate


@pytest.mark.parametrize("text", ["", "1%", "-1", "1/3", "1e2", "1,5", "nan", ".5", "٣"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="percentage"):
        percent(text)
