"""All conversations, one per file, named by their purpose."""

from dialogs.flow_book import FlowBook
from dialogs.flows.balance import BALANCE
from dialogs.flows.deposit import DEPOSIT
from dialogs.flows.fixed_deposit import FIXED
from dialogs.flows.goals import GOALS
from dialogs.flows.guarantees import GUARANTORS
from dialogs.flows.guarantor_ask import ASK
from dialogs.flows.help import HELP
from dialogs.flows.home import HOME
from dialogs.flows.language import LANGUAGE
from dialogs.flows.loan_applications import APPLICATIONS
from dialogs.flows.loan_apply import APPLY
from dialogs.flows.loan_limit import LIMIT
from dialogs.flows.loan_repay import REPAY
from dialogs.flows.more import MORE
from dialogs.flows.share_capital import SHARES
from dialogs.flows.sign_in import SIGN_IN
from dialogs.flows.standing_orders import ORDERS
from dialogs.flows.statement import STATEMENT
from dialogs.flows.transfer import TRANSFER
from dialogs.flows.withdraw import WITHDRAW


def all_flows() -> FlowBook:
    """The flows of the service, ready to be followed. Build it once per process."""
    flows = (SIGN_IN, HOME, BALANCE, REPAY, STATEMENT, MORE, LANGUAGE, HELP)
    loans = (APPLY, ASK, APPLICATIONS, GUARANTORS, LIMIT)
    savings = (DEPOSIT, WITHDRAW, TRANSFER, SHARES, ORDERS, GOALS, FIXED)
    return FlowBook((*flows, *loans, *savings), start=SIGN_IN.name, home=HOME.name, guide=HELP.name)
