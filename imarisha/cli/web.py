"""`imarisha web`: one web process, or several."""

import click

EXAMPLE = """\b
Example:
  IMARISHA_WEB_PROCESSES=2 imarisha web
"""


@click.command(epilog=EXAMPLE)
@click.option("--child", is_flag=True, hidden=True, help="End when standard input closes.")
@click.option("--inherited", type=int, default=None, hidden=True, help="Number of the listening socket.")
def web(*, child: bool, inherited: int | None) -> None:
    """Serve webhooks and callbacks, configured by the environment."""
    from imarisha.cli.environment import settings_or_exit
    from imarisha.serve import serve
    from imarisha.supervisor import end_with_parent

    settings = settings_or_exit()
    if child:
        end_with_parent()
    try:
        serve(settings, inherited=inherited)
    except SystemExit as ended:
        # Uvicorn has numbers of its own; what went wrong stands in the log.
        raise SystemExit(1 if ended.code else 0) from None
