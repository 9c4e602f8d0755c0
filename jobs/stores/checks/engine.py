"""Great Expectations, imported once and late (it takes seconds), with one context that keeps nothing and asks nobody."""
from __future__ import annotations

import logging
import os
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from great_expectations.data_context import EphemeralDataContext
    from great_expectations.expectations.expectation import Expectation


@lru_cache(maxsize=1)
def context() -> EphemeralDataContext:
    """The one context of this process."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # Its loggers quote the values that break an expectation; what failed is in the results, without them.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    import great_expectations as gx

    made = gx.get_context(mode="ephemeral")
    made.variables.analytics_enabled = False
    made.variables.progress_bars = {"globally": False, "metric_calculations": False}
    return made


def known() -> list[str]:
    """The names of all expectations there are."""
    context()
    from great_expectations.expectations import registry

    return registry.list_registered_expectation_implementations()


def named(name: str) -> type[Expectation]:
    from great_expectations.expectations import registry

    return registry.get_expectation_impl(name)


def names_rows(kind: type[Expectation]) -> bool:
    """Whether a failure of this expectation can say which rows failed."""
    from great_expectations.expectations import UnexpectedRowsExpectation
    from great_expectations.expectations import expectation as kinds

    maps = kinds.ColumnMapExpectation, kinds.ColumnPairMapExpectation, kinds.MulticolumnMapExpectation
    return issubclass(kind, (*maps, UnexpectedRowsExpectation))
