"""`imarisha schedule`: what would a loan on these terms ask, and when?"""

from typing import BinaryIO

import click

EXAMPLE = """\b
Example:
  echo '{"currency": {"code": "KES", "decimals": 2},
         "terms": {"principal": "120000.00", "annual_rate_pct": "12", "number_of_repayments": 12,
                   "repay_every": 1, "repay_unit": "months", "interest_method": "declining_balance",
                   "amortization": "equal_installments"},
         "rounding": {"money": "half_up"},
         "disbursements": [{"date": "2026-11-20", "amount": "120000.00"}]}' > loan.json
  imarisha schedule loan.json
"""
REFUSED, WRONG_USAGE = 1, 2


class _WrongFile(click.ClickException):
    exit_code = WRONG_USAGE


@click.command(epilog=EXAMPLE)
@click.argument("file", type=click.File("rb"))
def schedule(file: BinaryIO) -> None:
    """Print the repayment schedule of a JSON request, as {"rows": [...], "totals": {...}}.

    FILE is a path, or - for standard input. Exit 1 for terms no loan could have, 2 for a file that is no request.
    """
    import msgspec

    from core.errors import Refusal
    from imarisha.schedule_answer import answer
    from imarisha.schedule_request import UnknownConvention, WrongRequest, parse_request

    try:
        answered = answer(parse_request(file.read()))
    except WrongRequest as error:
        raise _WrongFile(str(error)) from error
    except (Refusal, UnknownConvention) as error:
        raise click.ClickException(str(error)) from error
    click.echo(msgspec.json.format(msgspec.json.encode(answered)))
