"""The office that hands statements out, and one statement with everything in it."""

import pytest

from core.reports.ports import Issuer
from core.reports.service import StatementOffice
from core.reports.statement import MemberStatement
from dialogs.institution import Institution
from imarisha.statement_forms import statement_office
from tests.core.reports.examples import (
    DISBURSED,
    FELL_DUE,
    NOON,
    REPAID,
    loan,
    of_member,
    paid_in,
    paid_out,
    portions,
    savings,
)


@pytest.fixture(scope="session")
def office() -> StatementOffice:
    return statement_office(Institution("Imarisha Sacco", "0800 720 096", "*384*96#", "600996"))


@pytest.fixture
def issuer() -> Issuer:
    return Issuer("Imarisha Sacco", NOON)


@pytest.fixture
def amina() -> MemberStatement:
    return of_member(
        savings(paid_in(2, 1_250_50), paid_out(3, 20_00)),
        loans=(loan(DISBURSED, FELL_DUE, REPAID, closing=portions(9_200_00)),),
    )
