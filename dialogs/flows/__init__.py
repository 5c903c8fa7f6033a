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
from dialogs.flows.my_data import MY_DATA
from dialogs.flows.person import PERSON
from dialogs.flows.phone import PHONE
from dialogs.flows.pin import PIN
from dialogs.flows.pin_reset import IDENTITY, PIN_RESET
from dialogs.flows.register import REGISTER, REGISTER_PIN
from dialogs.flows.share_capital import SHARES
from dialogs.flows.sign_in import SIGN_IN
from dialogs.flows.standing_orders import ORDERS
from dialogs.flows.statement import STATEMENT
from dialogs.flows.transfer import TRANSFER
from dialogs.flows.withdraw import WITHDRAW


def all_flows() -> FlowBook:
    """The flows of the service, ready to be followed. Build it once per process."""
    calls = (SIGN_IN, REGISTER, REGISTER_PIN, IDENTITY, PIN_RESET, HOME, MORE, HELP)
    own = (BALANCE, STATEMENT, PHONE, PIN, LANGUAGE, PERSON, MY_DATA)
    loans = (APPLY, ASK, APPLICATIONS, GUARANTORS, LIMIT, REPAY)
    savings = (DEPOSIT, WITHDRAW, TRANSFER, SHARES, ORDERS, GOALS, FIXED)
    return FlowBook((*calls, *own, *loans, *savings), start=SIGN_IN.name, home=HOME.name, guide=HELP.name)
