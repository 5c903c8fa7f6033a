"""`imarisha staff`: take people on, and give them a new second factor."""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from imarisha.staffing import Enrolment

ROLES = ("admin", "manager", "loan_officer", "teller", "accountant", "auditor")

ADD_EXAMPLE = """\b
Example:
  imarisha staff add jane@sacco.example --first-name Jane --last-name Doe --role teller
"""
FACTOR_EXAMPLE = """\b
Example:
  imarisha staff factor jane@sacco.example
"""


@click.group(epilog=ADD_EXAMPLE)
def staff() -> None:
    """Take people of staff on, and give them a new second factor."""


@staff.command(epilog=ADD_EXAMPLE)
@click.argument("email")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.password_option(help="Asked for where it is not given.")
def add(*, email: str, first_name: str, last_name: str, roles: tuple[str, ...], password: str) -> None:
    """Take a person on; prints what their authenticator needs, and recovery codes."""
    from core.staff.permissions import Role
    from imarisha.cli.environment import settings_or_exit
    from imarisha.staffing import Newcomer
    from imarisha.staffing import add as take_on

    newcomer = Newcomer(email, first_name, last_name, frozenset(Role(role) for role in roles))
    _print(take_on(settings_or_exit(), newcomer, password=password))


@staff.command(epilog=FACTOR_EXAMPLE)
@click.argument("email")
def factor(*, email: str) -> None:
    """Set up a second factor in place of a lost one."""
    from imarisha.cli.environment import settings_or_exit
    from imarisha.staffing import new_factor

    _print(new_factor(settings_or_exit(), email))


def _print(work: "Coroutine[None, None, Enrolment]") -> None:
    """Do it, and print what it gave. Raises ClickException with the reason where it was refused."""
    from core.errors import DatabaseUnavailable, InvalidName, StaffAlreadyThere, UnknownStaff, WeakPassword

    try:
        enrolment = asyncio.run(work)
    except DatabaseUnavailable as error:
        raise click.ClickException("the database does not answer; see `imarisha doctor`") from error
    except InvalidName as error:
        raise click.ClickException("a name is written in letters") from error
    except WeakPassword as error:
        raise click.ClickException(f"the password is {error.why.replace('_', ' ')}") from error
    except StaffAlreadyThere as error:
        raise click.ClickException("somebody of staff has this e-mail") from error
    except UnknownStaff as error:
        raise click.ClickException("nobody of staff has this e-mail") from error
    click.echo("Authenticator (as a QR code, or by hand):")
    click.echo(f"  {enrolment.uri}")
    click.echo("Recovery codes, to be written down; each opens once:")
    for code in enrolment.recovery_codes:
        click.echo(f"  {code}")
