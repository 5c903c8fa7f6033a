"""The shares' tables: accounts, what was declared for a year, and what each member earned. Money is in the ledger."""

from sqlalchemy import (
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

from core.db.columns import amount, currency, metadata, one_of, text_id
from core.shares.dividend import Payout, ShareTreatment, Weighting

share_account = Table(
    "share_account",
    metadata,
    text_id(),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    Column("ledger_code", Text, ForeignKey("ledger_account.code"), nullable=False),
    Column("opened_on", Date, nullable=False),
    UniqueConstraint("member_id"),
)

dividend = Table(
    "dividend",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("share_percent", Text, nullable=False),
    Column("deposit_percent", Text, nullable=False),
    Column("weighting", Text, nullable=False),
    Column("share_treatment", Text, nullable=False),
    Column("last_day_counted", Integer, nullable=False),
    amount("minimum_deposits"),
    Column("active_only", Boolean, nullable=False),
    Column("capitalise_percent", Integer, nullable=False),
    amount("capitalise_least"),
    Column("declared_on", Date, nullable=False),
    # The day whose tax rates hold, and on which members are paid.
    Column("pays_on", Date, nullable=False),
    # Set when every member has been reckoned and the whole is booked as owed.
    Column("booked_on", Date, nullable=True),
    one_of("weighting", Weighting),
    one_of("share_treatment", ShareTreatment),
    CheckConstraint("last_day_counted BETWEEN 1 AND 31", name="last_day_in_month"),
    CheckConstraint("capitalise_percent BETWEEN 0 AND 100", name="capitalise_percent_in_range"),
)

dividend_member = Table(
    "dividend_member",
    metadata,
    Column("year", Integer, ForeignKey("dividend.year"), nullable=False),
    Column("member_id", Text, ForeignKey("member.id"), nullable=False),
    amount("dividend"),
    amount("interest"),
    amount("dividend_tax"),
    amount("interest_tax"),
    currency(),
    Column("paid_on", Date, nullable=True),
    # How the net was divided; zero until it is paid.
    amount("to_arrears", default="0"),
    amount("to_shares", default="0"),
    amount("to_deposits", default="0"),
    amount("to_savings", default="0"),
    amount("to_mpesa", default="0"),
    amount("to_loans", default="0"),
    PrimaryKeyConstraint("year", "member_id"),
    CheckConstraint(
        "dividend >= dividend_tax AND interest >= interest_tax AND dividend_tax >= 0 AND interest_tax >= 0",
        name="tax_within_earnings",
    ),
    CheckConstraint(
        "paid_on IS NULL OR to_arrears + to_shares + to_deposits + to_savings + to_mpesa"
        " + to_loans"
        " = dividend + interest - dividend_tax - interest_tax",
        name="paid_in_full",
    ),
    Index("ix_dividend_member_unpaid", "year", "member_id", postgresql_where=text("paid_on IS NULL")),
)

dividend_progression = Table(
    "dividend_progression",
    metadata,
    Column("year", Integer, nullable=False),
    Column("member_id", Text, nullable=False),
    # 0 is what was brought into the year, 13 what came too late in December.
    Column("month", Integer, nullable=False),
    Column("weight", Integer, nullable=False),
    amount("deposits"),
    amount("shares"),
    amount("dividend"),
    amount("interest"),
    amount("tax"),
    PrimaryKeyConstraint("year", "member_id", "month"),
    CheckConstraint("month BETWEEN 0 AND 13", name="month_in_year"),
)

# A member without a row is paid to savings.
dividend_choice = Table(
    "dividend_choice",
    metadata,
    Column("member_id", Text, ForeignKey("member.id"), primary_key=True),
    Column("payout", Text, nullable=False),
    one_of("payout", Payout),
)
