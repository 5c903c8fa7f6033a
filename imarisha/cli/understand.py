"""`imarisha understand`: what the language library makes of messages."""

import sys
from collections.abc import Iterator
from datetime import date
from typing import Literal

import click
import msgspec

# \b keeps click from wrapping the lines.
EXAMPLE = """\b
Example:
  echo '{"text": "nataka loan ya elfu tano nilipe kwa miezi mitatu"}' | imarisha understand
"""


class _Asked(msgspec.Struct):
    text: str
    lang: Literal["en", "sw", "mixed"] | None = None
    today: date | None = None


@click.command(epilog=EXAMPLE)
def understand() -> None:
    """Read JSON lines {"text", "lang"?, "today"?} and print one JSON line for each.

    `lang` is en, sw or mixed; `today` is the day that words such as "kesho" count from.
    """
    from core.clock import SystemClock, business_date
    from nlu.answer import answer
    from nlu.intents import Language
    from nlu.model import UnusableModel
    from nlu.understand import understander

    try:
        reader = understander()
    except UnusableModel as error:
        raise click.ClickException(str(error)) from error
    today = business_date(SystemClock().now())
    for asked in _asked():
        language = None if asked.lang is None else Language(asked.lang)
        understood = reader.understand(asked.text, today=asked.today or today, language=language)
        click.echo(msgspec.json.encode(answer(understood)))


def _asked() -> Iterator[_Asked]:
    # Bytes, so that a line in another encoding is refused by its number and not by a traceback.
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if line.strip():
            try:
                yield msgspec.json.decode(line, type=_Asked)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise click.ClickException(f"line {number}: {error}") from error
