"""How are our kinds of value stored? Column types shared by every area's tables.

The tables describe the schema to Alembic, which compares them with the database in a test; the SQL that runs
is written out in each area's store.
"""

from enum import StrEnum

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    MetaData,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import DOMAIN

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


def text_id() -> Column[str]:
    """A prefixed id made by `core.ids`."""
    return Column("id", Text, primary_key=True)


def serial_id() -> Column[int]:
    """A number given by the database in order of insertion, not of commit."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def amount(name: str, *, nullable: bool = False, default: str | None = None) -> Column[int]:
    """Minor units of the row's currency."""
    return Column(name, BigInteger, nullable=nullable, server_default=default)


def currency() -> Column[str]:
    """ISO 4217 code."""
    return Column("currency", Text, nullable=False)


def moment(name: str, *, nullable: bool = False, now: bool = False) -> Column[object]:
    """An instant, stored in UTC."""
    return Column(
        name, DateTime(timezone=True), nullable=nullable, server_default=func.now() if now else None
    )


def one_of(name: str, values: type[StrEnum]) -> CheckConstraint:
    """The column holds a member of the closed set `values` (a StrEnum)."""
    return CheckConstraint(f"{name} IN ({_listed(values)})", name=f"{name}_known")


def one_of_type(name: str, values: type[StrEnum], stored_as: type[Text] | CHAR = Text) -> DOMAIN:
    """As `one_of`, as a type of the database: for tables written so often that a check is felt."""
    return DOMAIN(name, stored_as, constraint_name=f"ck_{name}", check=f"VALUE IN ({_listed(values)})")


def _listed(values: type[StrEnum]) -> str:
    return ", ".join(f"'{value}'" for value in values)
