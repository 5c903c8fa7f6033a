"""`imarisha close-day`: the end of a business day, or of all that were missed."""

from datetime import date, datetime

import click

EXAMPLE = """\b
Examples:
  imarisha close-day                     every day that is over and not closed, in order
  imarisha close-day --date 2026-11-20   up to that day
  imarisha close-day --data-dir .imarisha
"""


@click.command(name="close-day", epilog=EXAMPLE)
@click.option(
    "--date", "through", type=click.DateTime(["%Y-%m-%d"]), help="The last day to close, such as 2026-11-20."
)
@click.option(
    "--data-dir",
    default=None,
    type=click.Path(exists=True, file_okay=False),
    help="A demo's folder instead of a URL.",
)
def close_day(through: datetime | None, data_dir: str | None) -> None:
    """Close every business day that is over: interest, arrears, penalties, standing orders, reminders.

    A close that was interrupted goes on where it stopped; a day that is closed stays so. Exit 1 for a day that is
    not over.
    """
    import asyncio

    from core.errors import DatabaseUnavailable, DayNotOver
    from imarisha.embedded import EmbeddedServerError
    from imarisha.verify import NothingToVerify

    try:
        closed = asyncio.run(_close(through.date() if through else None, data_dir))
    except DayNotOver as error:
        raise click.ClickException(
            f"{error.business_date} is not over: it can be closed from {error.closes_at:%Y-%m-%d %H:%M}"
        ) from error
    except DatabaseUnavailable as error:
        raise click.ClickException("the database does not answer; see `imarisha doctor`") from error
    except (EmbeddedServerError, NothingToVerify) as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(f"closed {day}" for day in closed) or "nothing to close")


async def _close(through: date | None, data_dir: str | None) -> list[date]:
    from core import day_close
    from core.clock import SystemClock
    from imarisha.closing import COMMAND_SECONDS, closing_of
    from imarisha.verify import books

    closed = []
    async with books(data_dir, command_seconds=COMMAND_SECONDS) as database:
        closing = closing_of(database, SystemClock())
        for day in await day_close.missed_days(closing, through=through):
            with click.progressbar(length=len(day_close.STEPS), label=f"closing {day}") as bar:
                if await day_close.close_day(closing, on=day, tell=lambda *_, bar=bar: bar.update(1)):
                    closed.append(day)
    return closed
