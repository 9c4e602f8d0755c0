"""The village of two nights, for every test in which the second goes wrong."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stages.run import STAGES
from tests.standing import Standing, standing
from tests.two_nights import FIRST, SECOND, delivered, night_of


@pytest.fixture(scope="session")
def graded(new_home: Callable[..., Settings], declared: Declarations, spark: object) -> Settings:
    """The village, its first night done up to grade."""
    home = new_home()
    delivered(home)
    night_of(home, declared, FIRST, STAGES[:-1])
    return home


@pytest.fixture(scope="session")
def old(new_home: Callable[..., Settings], graded: Settings, declared: Declarations) -> tuple[Settings, Standing]:
    """The village with its first release, and what stands then."""
    home = new_home(graded)
    night_of(home, declared, FIRST)
    return home, standing(home, *FIRST)


@pytest.fixture(scope="session")
def true(new_home: Callable[..., Settings], old: tuple[Settings, Standing], declared: Declarations) -> Standing:
    """What stands after a second night in which nothing goes wrong."""
    home = new_home(old[0])
    night_of(home, declared, SECOND)
    return standing(home, *SECOND)
