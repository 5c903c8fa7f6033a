"""The record of day-closes: which step of which day is done, so that a close that was killed goes on."""

from sqlalchemy import Column, Date, ForeignKey, Integer, Table, Text

from core.closing.model import StepName
from core.db.columns import metadata, moment, one_of

day_close = Table(
    "day_close",
    metadata,
    Column("business_date", Date, primary_key=True),
    moment("started_at"),
    moment("finished_at", nullable=True),
)

day_close_step = Table(
    "day_close_step",
    metadata,
    Column("business_date", Date, ForeignKey("day_close.business_date"), primary_key=True),
    Column("step", Text, primary_key=True),
    # Behind what it goes on, such as the last loan that was swept.
    Column("cursor", Text, nullable=False, server_default=""),
    Column("done", Integer, nullable=False, server_default="0"),
    moment("started_at"),
    moment("finished_at", nullable=True),
    one_of("step", StepName),
)
