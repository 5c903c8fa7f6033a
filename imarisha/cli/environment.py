"""How does a command read its settings? From the environment, with one line for what is wrong."""

import os

import click

from imarisha.logs import configure
from imarisha.settings import Settings, WrongSetting, read


def settings_or_exit() -> Settings:
    """This process's settings, with logging set up by them; exit 2 naming the variable that is wrong."""
    try:
        settings = read(os.environ)
    except WrongSetting as error:
        raise click.UsageError(str(error)) from None
    configure(settings.log_level)
    return settings
