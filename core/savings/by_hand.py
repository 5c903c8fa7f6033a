"""Does a member's account take what staff post to it by hand? Its state counts, as everywhere."""

from collections.abc import Mapping, Sequence

from core.db.engine import ReadSession, WriteSession
from core.errors import AccountNotOpen
from core.ledger.account import Side
from core.ledger.journal import Line
from core.savings import store
from core.savings.model import Account, AccountStatus


async def look(session: ReadSession, lines: Sequence[Line]) -> None:
    """Raises AccountNotOpen for an account that is closed, or dormant and to be debited."""
    found = {owner: await store.find(session, owner) for owner in _owners(lines)}
    _refuse_shut({owner: account for owner, account in found.items() if account}, lines)


async def hold(session: WriteSession, lines: Sequence[Line]) -> None:
    """As `look`; the accounts then stay as they are until the end of this transaction."""
    _refuse_shut(await store.lock(session, _owners(lines)), lines)


def _owners(lines: Sequence[Line]) -> list[str]:
    """The ids in the codes of members' own accounts."""
    return sorted({owner for line in lines if (owner := _owner(line))})


def _owner(line: Line) -> str:
    return line.account.partition(":")[2]


def _refuse_shut(accounts: Mapping[str, Account], lines: Sequence[Line]) -> None:
    for line in lines:
        account = accounts.get(_owner(line))
        if account is None or account.status is AccountStatus.ACTIVE:
            continue
        if account.status is AccountStatus.CLOSED or line.side is Side.DEBIT:
            raise AccountNotOpen(account=line.account, status=account.status)
