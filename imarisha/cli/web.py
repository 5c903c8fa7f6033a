"""`imarisha web`: one web process, or several."""

import click

EXAMPLE = """\b
Example:
  IMARISHA_WEB_PROCESSES=2 imarisha web
"""


@click.command(epilog=EXAMPLE)
@click.option("--child", is_flag=True, hidden=True, help="End when standard input closes.")
def web(*, child: bool) -> None:
    """Serve webhooks and callbacks, configured by the environment."""
    from imarisha.cli.environment import settings_or_exit
    from imarisha.serve import serve
    from imarisha.supervisor import end_with_parent

    settings = settings_or_exit()
    if child:
        end_with_parent()
    serve(settings)
