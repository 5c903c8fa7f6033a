"""What do the routes work with? The parts of the house that staff use, handed in by the composition root."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from channels.admin.limits import SignInLimits
from core.clock import Clock
from core.db.engine import Database
from core.ids import Ids
from core.lending.ports import Disburser
from core.members.pin_checks import PinChecks
from core.reports.service import StatementOffice
from core.savings.withdrawals import WithdrawalTerms
from core.staff.checked import Actions
from core.staff.sessions import StaffKeys
from dialogs.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class AdminDesk:
    """The parts of one process that the staff API needs."""

    database: Database
    clock: Clock
    ids: Ids
    checks: PinChecks
    keys: StaffKeys
    limits: SignInLimits
    catalogue: Catalogue
    actions: Actions
    statements: StatementOffice
    institution: str
    is_demo: bool
    """Shows the second factor's codes to anybody."""
    disburser: Disburser
    """Pays loans out to phones."""
    withdrawals: WithdrawalTerms


def _desk(request: Request) -> AdminDesk:
    desk: AdminDesk = request.app.state.desk
    return desk


Desk = Annotated[AdminDesk, Depends(_desk)]
"""How a route asks for it."""
