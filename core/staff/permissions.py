"""What may staff do? One permission per action, and the roles that hold them, as data."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Permission(StrEnum):
    """One thing that a route or a checked action asks for. A new action gets a row here and in `GRANTS`."""

    MEMBERS_READ = "members.read"
    """Find members and see their accounts, loans, payments and messages."""

    MEMBERS_REGISTER = "members.register"
    """Write down who asks to join."""

    MEMBERS_ADMIT = "members.admit"
    """Decide on a registration that somebody else wrote down."""

    MEMBERS_ANSWER = "members.answer"
    """Call members back, and say what was done about what they asked for."""

    MEMBERS_IDENTITY = "members.identity"
    """See a member's national id whole, to hold it against the card; the trail says who did."""

    PINS_UNLOCK = "pins.unlock"
    """Lift the lock of a member's PIN after the member was identified."""

    STATEMENTS_PRINT = "statements.print"
    """Hand out a member's statement as a file; the trail says who did."""

    SAVINGS_SERVE = "savings.serve"
    """Open, wake and close accounts, agree on deposits, buy and pass on shares, as a member at the counter asks."""

    SAVINGS_HOLD = "savings.hold"
    """Hold money on an account in a dispute or by order of a court, and ask for its release."""

    SAVINGS_TERMS = "savings.terms"
    """Ask for rates of interest and for the dividend of a year."""

    SAVINGS_APPROVE = "savings.approve"
    """Decide on rates, dividends, releases and transfers that somebody else asked for, and on standing orders."""

    LEDGER_READ = "ledger.read"
    """See journals, accounts and the trial balance."""

    LEDGER_POST = "ledger.post"
    """Ask for a manual transaction or a reversal."""

    LEDGER_APPROVE = "ledger.approve"
    """Decide on a transaction that somebody else asked for."""

    RECONCILIATION_WORK = "reconciliation.work"
    """Bring in providers' statements, and ask for breaks to be matched, booked or set aside."""

    DAYS_CLOSE = "days.close"
    """Close business days by hand."""

    ARREARS_READ = "arrears.read"
    """See which loans are late, and whom to call."""

    APPLICATIONS_READ = "applications.read"
    """See who asks for a loan, with their limit and what secures it."""

    APPLICATIONS_SERVE = "applications.serve"
    """Write applications, guarantees, collateral and signatures down for members."""

    APPLICATIONS_APPRAISE = "applications.appraise"
    """Look into an application and recommend an amount."""

    APPLICATIONS_DECIDE = "applications.decide"
    """Vote on an application that somebody else appraised, up to the limit of one's roles."""

    LOANS_READ = "loans.read"
    """See a loan with its schedule and everything that happened to it."""

    LOANS_SERVE = "loans.serve"
    """Post repayments and charges, and ask for changes of a loan."""

    LOANS_DECIDE = "loans.decide"
    """Say what became of a pay-out, and decide on a change that somebody else asked for."""

    APPLICATIONS_DISBURSE = "applications.disburse"
    """Pay out an application that was approved, accepted and secured; not one that one appraised."""
    LEDGER_CLOSE = "ledger.close"
    """Ask for months and years to be closed or opened again, for exchange rates and for revaluation."""

    PAYOUTS_READ = "payouts.read"
    """See money on its way to members, and the float it leaves from."""

    PAYOUTS_RESOLVE = "payouts.resolve"
    """Ask for the end of a payout nobody has word of, take back one that was not sent, start payouts again."""

    PAYOUTS_APPROVE = "payouts.approve"
    """Decide on large withdrawals, and on the end of a payout that somebody else asked for."""

    APPROVALS_READ = "approvals.read"
    """See what waits for a second person and what became of it."""

    PAYMENTS_READ = "payments.read"
    """See payments, and where they came from."""

    PAYMENTS_PROMPT = "payments.prompt"
    """Have members' phones asked for money, now or by a mandate, and make payment links."""

    PAYMENTS_PLACE = "payments.place"
    """Say whose a receipt is that nobody could place."""

    PAYMENTS_APPROVE = "payments.approve"
    """Decide on a receipt that somebody else placed."""

    WORK_READ = "work.read"
    """See payments with incidents and jobs that failed."""

    WORK_DO = "work.do"
    """Close an incident, or have a failed job tried again."""

    AUDIT_READ = "audit.read"
    """Read the audit trail."""

    STAFF_READ = "staff.read"
    """See who works here, with which roles."""

    STAFF_MANAGE = "staff.manage"
    """Lift a colleague's lock and end their sessions."""


class Role(StrEnum):
    """A post in the office. A person may hold several."""

    ADMIN = "admin"
    """Runs the office: everything, and never both sides of one request."""

    MANAGER = "manager"
    """Decides on what others ask for."""

    LOAN_OFFICER = "loan_officer"
    """Serves borrowers and decides on registrations."""

    TELLER = "teller"
    """Serves members at the counter."""

    ACCOUNTANT = "accountant"
    """Keeps the books."""

    AUDITOR = "auditor"
    """Sees everything and changes nothing."""


_SEES: Final = frozenset(
    {
        Permission.MEMBERS_READ,
        Permission.LEDGER_READ,
        Permission.APPLICATIONS_READ,
        Permission.LOANS_READ,
        Permission.PAYMENTS_READ,
        Permission.APPROVALS_READ,
        Permission.WORK_READ,
        Permission.STAFF_READ,
        Permission.ARREARS_READ,
        Permission.PAYOUTS_READ,
    }
)
_COUNTER: Final = frozenset(
    {
        Permission.MEMBERS_READ,
        Permission.MEMBERS_REGISTER,
        Permission.MEMBERS_ANSWER,
        Permission.MEMBERS_IDENTITY,
        Permission.PINS_UNLOCK,
        Permission.STATEMENTS_PRINT,
        Permission.APPROVALS_READ,
        Permission.APPLICATIONS_READ,
        Permission.APPLICATIONS_SERVE,
        Permission.LOANS_READ,
        Permission.LOANS_SERVE,
        Permission.PAYMENTS_READ,
        Permission.PAYMENTS_PROMPT,
    }
)

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Permission),
        Role.MANAGER: _SEES
        | {
            Permission.MEMBERS_ADMIT,
            Permission.MEMBERS_IDENTITY,
            Permission.APPLICATIONS_DECIDE,
            Permission.APPLICATIONS_DISBURSE,
            Permission.LOANS_DECIDE,
            Permission.PAYMENTS_APPROVE,
            Permission.STATEMENTS_PRINT,
            Permission.SAVINGS_HOLD,
            Permission.SAVINGS_APPROVE,
            Permission.LEDGER_APPROVE,
            Permission.DAYS_CLOSE,
            Permission.PINS_UNLOCK,
            Permission.WORK_DO,
            Permission.AUDIT_READ,
            Permission.PAYOUTS_APPROVE,
            Permission.PAYOUTS_RESOLVE,
        },
        Role.LOAN_OFFICER: _COUNTER
        | {
            Permission.MEMBERS_ADMIT,
            Permission.APPLICATIONS_APPRAISE,
            Permission.APPLICATIONS_DECIDE,
            Permission.ARREARS_READ,
            Permission.SAVINGS_HOLD,
            Permission.WORK_READ,
        },
        Role.TELLER: _COUNTER | {Permission.SAVINGS_SERVE, Permission.LEDGER_READ, Permission.LEDGER_POST},
        Role.ACCOUNTANT: _SEES
        | {
            Permission.APPLICATIONS_DISBURSE,
            Permission.PAYMENTS_PLACE,
            Permission.STATEMENTS_PRINT,
            Permission.SAVINGS_TERMS,
            Permission.RECONCILIATION_WORK,
            Permission.LEDGER_POST,
            Permission.LEDGER_CLOSE,
            Permission.DAYS_CLOSE,
            Permission.WORK_DO,
            Permission.PAYOUTS_RESOLVE,
        },
        Role.AUDITOR: _SEES | {Permission.AUDIT_READ},
    }
)
"""What each role may do."""


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that a holder of these roles may do.

    >>> sorted(permissions_of([])), Permission.LEDGER_APPROVE in permissions_of([Role.TELLER])
    ([], False)
    """
    return frozenset[Permission]().union(*(GRANTS[role] for role in roles))
