"""`imarisha worker`: one worker process."""

import click

EXAMPLE = """\b
Example:
  imarisha worker
"""


@click.command(epilog=EXAMPLE)
@click.option("--child", is_flag=True, hidden=True, help="End when standard input closes.")
def worker(*, child: bool) -> None:
    """Send prompts and messages, ask about payments; configured by the environment."""
    import asyncio
    import signal

    import uvloop

    from core.errors import DatabaseUnavailable
    from imarisha.cli.environment import settings_or_exit
    from imarisha.supervisor import end_with_parent
    from imarisha.wiring import build
    from imarisha.worker import run

    system = build(settings_or_exit())
    if child:
        end_with_parent()

    async def until_told() -> None:
        working = asyncio.current_task()
        if working is not None:
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, working.cancel)
        await run(system)

    try:
        uvloop.run(until_told())
    except asyncio.CancelledError:
        return
    except DatabaseUnavailable as error:
        raise click.ClickException("the database does not answer; see `imarisha doctor`") from error
