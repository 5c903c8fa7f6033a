"""The savings tables: accounts, holds, agreed terms, goals, rates, what was posted, standing orders.

Money itself is in the ledger; a trigger keeps what is held out of reach there.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.db.columns import amount, currency, metadata, moment, one_of, text_id
from core.savings.model import AccountStatus, HoldReason, HoldState, SavingsProduct
from core.savings.standing_orders import Destination, OrderStatus, RunState, Trigger
from core.savings.term_deposits import AtMaturity, TermState
from core.savings.withholding import Residence, TaxedPayment

savings_account = Table(
    "savings_account",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("product", Text, nullable=False),
    Column("ledger_code", Text, ForeignKey("ledger_account.code"), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False, server_default="active"),
    Column("closed_on", Date, nullable=True),
    # What the product keeps on the account; the ledger account's own minimum is this and what is held.
    amount("floor", default="0"),
    # Percent a year, agreed for this account alone.
    Column("agreed_percent", Text, nullable=True),
    # The running interest period: its first day, the balance brought into it, and the last entry in that balance.
    Column("interest_from", Date, nullable=False),
    amount("interest_opening", default="0"),
    Column("interest_entry", BigInteger, nullable=False, server_default="0"),
    # When interest is posted next; NULL where none is.
    Column("posts_on", Date, nullable=True),
    # The first day on which it could be found quiet or dormant; NULL for products that may rest.
    Column("quiet_check_on", Date, nullable=True),
    Column("warned_on", Date, nullable=True),
    UniqueConstraint("ledger_code"),
    one_of("product", SavingsProduct),
    one_of("status", AccountStatus),
    CheckConstraint("(status = 'closed') = (closed_on IS NOT NULL)", name="closed_on_a_day"),
    Index("ix_savings_account_member_id", "member_id"),
    Index(
        "uq_savings_account_one_of_a_kind",
        "member_id",
        "product",
        unique=True,
        postgresql_where=text("product IN ('savings', 'deposits', 'fosa')"),
    ),
    Index("ix_savings_account_posts_on", "posts_on", postgresql_where=text("posts_on IS NOT NULL")),
    Index(
        "ix_savings_account_quiet_check_on",
        "quiet_check_on",
        postgresql_where=text("quiet_check_on IS NOT NULL"),
    ),
)

savings_hold = Table(
    "savings_hold",
    metadata,
    text_id(),
    Column("ledger_code", Text, ForeignKey("ledger_account.code"), nullable=False),
    amount("amount"),
    currency(),
    Column("reason", Text, nullable=False),
    Column("subject", Text, nullable=False),
    # The last day of the hold; NULL until somebody ends it.
    Column("until", Date, nullable=True),
    Column("state", Text, nullable=False, server_default="held"),
    moment("placed_at"),
    moment("ended_at", nullable=True),
    one_of("reason", HoldReason),
    one_of("state", HoldState),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("(state = 'held') = (ended_at IS NULL)", name="ended_at_a_moment"),
    Index("ix_savings_hold_ledger_code", "ledger_code", postgresql_where=text("state = 'held'")),
    Index("ix_savings_hold_subject", "subject"),
    Index("ix_savings_hold_until", "until", postgresql_where=text("state = 'held' AND until IS NOT NULL")),
)

term_deposit = Table(
    "term_deposit",
    metadata,
    Column("account_id", Text, ForeignKey("savings_account.id"), primary_key=True),
    Column("months", Integer, nullable=False),
    Column("began_on", Date, nullable=False),
    Column("matures_on", Date, nullable=False),
    # Each month's amount of a recurring deposit; NULL for one paid in at once.
    amount("contribution", nullable=True),
    Column("at_maturity", Text, nullable=False),
    Column("payout_account_id", Text, ForeignKey("savings_account.id"), nullable=False),
    Column("state", Text, nullable=False, server_default="running"),
    CheckConstraint("months > 0 AND matures_on > began_on", name="ends_after_it_began"),
    CheckConstraint("contribution > 0", name="contribution_positive"),
    one_of("at_maturity", AtMaturity),
    one_of("state", TermState),
    Index("ix_term_deposit_matures_on", "matures_on", postgresql_where=text("state = 'running'")),
)

savings_goal = Table(
    "savings_goal",
    metadata,
    Column("account_id", Text, ForeignKey("savings_account.id"), primary_key=True),
    amount("target"),
    Column("target_on", Date, nullable=False),
    CheckConstraint("target > 0", name="target_positive"),
)

savings_rate = Table(
    "savings_rate",
    metadata,
    Column("product", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("percent", Text, nullable=False),
    Column("overdraft_percent", Text, nullable=False, server_default="0"),
    PrimaryKeyConstraint("product", "since"),
    one_of("product", SavingsProduct),
)

withholding_rate = Table(
    "withholding_rate",
    metadata,
    Column("payment", Text, nullable=False),
    Column("residence", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("percent", Text, nullable=False),
    PrimaryKeyConstraint("payment", "residence", "since"),
    one_of("payment", TaxedPayment),
    one_of("residence", Residence),
)

# A member without a row pays tax as a resident.
tax_residence = Table(
    "tax_residence",
    metadata,
    Column("member_id", Text, ForeignKey("member.id"), primary_key=True),
    Column("residence", Text, nullable=False),
    one_of("residence", Residence),
)

# One row per account and period in which something was earned or charged: what a member may ask to see.
interest_posting = Table(
    "interest_posting",
    metadata,
    Column("account_id", Text, ForeignKey("savings_account.id"), nullable=False),
    Column("period_start", Date, nullable=False),
    # The first day after the period.
    Column("period_end", Date, nullable=False),
    Column("posted_on", Date, nullable=False),
    amount("interest"),
    amount("tax"),
    amount("overdraft"),
    # What an overdraft would have cost beyond its limit, and was let go.
    amount("overdraft_let_go", default="0"),
    currency(),
    PrimaryKeyConstraint("account_id", "period_start"),
    CheckConstraint("tax BETWEEN 0 AND interest", name="tax_within_interest"),
)

standing_order = Table(
    "standing_order",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("source_id", Text, ForeignKey("savings_account.id"), nullable=False),
    Column("destination", Text, nullable=False),
    # An account, loan or share account, by its id.
    Column("destination_id", Text, nullable=False),
    # NULL for a sweep, which takes what is above `keep`.
    amount("amount", nullable=True),
    amount("keep", default="0"),
    currency(),
    Column("trigger", Text, nullable=False),
    Column("every_months", Integer, nullable=False, server_default="1"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=True),
    Column("allows_part", Boolean, nullable=False),
    Column("tolerance_days", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("status", Text, nullable=False),
    # The run that is ahead or under way: the day it is for, what it has taken, and when it is tried next.
    Column("due_on", Date, nullable=False),
    amount("taken", default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("try_on", Date, nullable=True),
    moment("set_at"),
    one_of("destination", Destination),
    one_of("trigger", Trigger),
    one_of("status", OrderStatus),
    CheckConstraint("amount > 0", name="amount_positive"),
    CheckConstraint("(amount IS NULL) = (\"trigger\" = 'surplus')", name="amount_unless_a_sweep"),
    CheckConstraint(
        "every_months > 0 AND tolerance_days >= 0 AND keep >= 0 AND taken >= 0", name="counts_in_range"
    ),
    Index("ix_standing_order_member_id", "member_id"),
    Index("ix_standing_order_source_id", "source_id"),
    Index(
        "ix_standing_order_try_on",
        "try_on",
        postgresql_where=text("status = 'open' AND try_on IS NOT NULL"),
    ),
)

standing_order_run = Table(
    "standing_order_run",
    metadata,
    Column("order_id", Text, ForeignKey("standing_order.id"), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    amount("taken"),
    Column("attempts", Integer, nullable=False),
    Column("ended_on", Date, nullable=False),
    PrimaryKeyConstraint("order_id", "due_on"),
    one_of("state", RunState),
)
