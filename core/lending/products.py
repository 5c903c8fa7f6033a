"""Which loans does the society offer? Their terms as data; the rules that read them are elsewhere."""

from collections.abc import Mapping
from types import MappingProxyType

from core.lending.model import InterestChargedThrough, Product
from core.lending.orders import product_order
from core.lending.repayment_rules import RepaymentRules
from core.lending.terms import InterestMethod

# 1% a month on the reducing balance is what Kenyan societies ask for their normal loan, over 36 to 84 months:
# pamojasacco.org/development-loan, smartlifesacco.co.ke/bosa-products.
DEVELOPMENT = Product(
    code="development",
    method=InterestMethod.DECLINING_BALANCE,
    percent_per_month="1.00",
    max_instalments=48,
    interest_charged_through=InterestChargedThrough.CURRENT_PERIOD,
)

# The interest of a flat loan is one fixed price, shown as such before the member agrees, and not the price of
# each month the money is kept. So settling early doesn't change it: what clears the loan is always the agreed
# total less what was paid.
EMERGENCY = Product(
    code="emergency",
    method=InterestMethod.FLAT,
    percent_per_month="1.00",
    max_instalments=12,
    interest_charged_through=InterestChargedThrough.WHOLE_TERM,
)

PRODUCTS: Mapping[str, Product] = MappingProxyType(
    {product.code: product for product in (DEVELOPMENT, EMERGENCY)}
)


def rules_of(product: Product) -> RepaymentRules:
    """By which rules new loans of a product run."""
    return RepaymentRules(order=product_order(product.allocation_order, product.interest_charged_through))
