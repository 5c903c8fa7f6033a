"""The whole house's clock, in place of the one that providers are tested with."""

import pytest

from tests.clock import StoppedClock


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()
