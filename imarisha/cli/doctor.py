"""`imarisha doctor`: what is wrong, and how to mend it."""

import click

EXAMPLE = """\b
Example:
  imarisha doctor
"""


@click.command(epilog=EXAMPLE)
def doctor() -> None:
    """Check settings, database, Redis, migrations and providers; exit 1 when anything needs mending."""
    import asyncio
    import os

    from imarisha.doctor import examine

    findings = asyncio.run(examine(os.environ))
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_well else 'MEND'} {finding.part}: {finding.what}")
        if not finding.is_well:
            click.echo(f"     -> {finding.mend}")
    if not all(finding.is_well for finding in findings):
        raise SystemExit(1)
