"""`imarisha phone`: a member's phone in the terminal, against a running web process."""

import sys
from urllib.parse import urlsplit

import click

# \b keeps click from wrapping the lines.
EXAMPLE = """\b
Example, a balance in one go:
  printf '*384*96#\\n4271\\n1\\n' | imarisha phone --number +254711000001
"""


def _number(_context: click.Context, _option: click.Parameter, text: str) -> str:
    from core.errors import InvalidPhone
    from core.phone import Msisdn

    try:
        return Msisdn.parse(text).e164
    except InvalidPhone as error:
        raise click.BadParameter(f"{text} is not a mobile number") from error


def _url(_context: click.Context, _option: click.Parameter, text: str) -> str:
    address = urlsplit(text)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise click.BadParameter(f"{text} is no web address such as http://127.0.0.1:8000")
    return text


@click.command(epilog=EXAMPLE)
@click.option(
    "--number", default="+254711000001", show_default=True, callback=_number, help="Whose phone it is."
)
@click.option(
    "--url",
    default="http://127.0.0.1:8000",
    show_default=True,
    callback=_url,
    help="Where the web process is.",
)
def phone(number: str, url: str) -> None:
    """Dial, read SMS and answer M-Pesa prompts as a member would.

    Lines come from the keyboard or from a pipe; `help` inside lists them.
    """
    import httpx

    from core.phone import Msisdn
    from imarisha.phone import run

    try:
        run(url, Msisdn(number), sys.stdin, sys.stdout)
    except httpx.TransportError as error:
        reason = str(error) or type(error).__name__
        raise click.ClickException(
            f"no answer from {url} ({reason}); start it with: imarisha demo"
        ) from error
