"""`imarisha`: one file per command; errors in one line on standard error, exit 0, 1 or 2."""

import sys

import click

from imarisha.cli.close_day import close_day
from imarisha.cli.demo import demo
from imarisha.cli.doctor import doctor
from imarisha.cli.learn_matching import learn_matching
from imarisha.cli.migrate import migrate
from imarisha.cli.phone import phone
from imarisha.cli.reconcile import reconcile
from imarisha.cli.schedule import schedule
from imarisha.cli.staff import staff
from imarisha.cli.statement import statement
from imarisha.cli.understand import understand
from imarisha.cli.verify_ledger import verify_ledger
from imarisha.cli.web import web
from imarisha.cli.worker import worker


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="imarisha")
def commands() -> None:
    """Conversational banking for savings societies."""


for command in (
    close_day,
    demo,
    doctor,
    learn_matching,
    migrate,
    phone,
    reconcile,
    schedule,
    staff,
    statement,
    understand,
    verify_ledger,
    web,
    worker,
):
    commands.add_command(command)


def main() -> None:
    """The console script: 0 done, 1 refused with a reason, 2 wrong usage."""
    try:
        code = commands.main(prog_name="imarisha", standalone_mode=False)
    except click.Abort:
        sys.exit(1)
    except click.ClickException as error:
        # click's own form is three lines with the usage; scripts and people want the reason.
        click.echo(f"imarisha: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
