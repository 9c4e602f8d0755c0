"""What a category says of its rows beside their fields: what must hold between them, and which acts they suspend."""
from __future__ import annotations

from typing import Literal

from pydantic import Field

from jobs.declarations.expressions import Expression, names_in
from jobs.declarations.files import Declared


class CrossCheck(Declared):
    """A condition between the fields of one row, stated as what must hold; null means unknown and passes."""

    expects: str
    field: str
    reason: str
    severity: Literal["reject", "flaw"]
    because: str


class Suspends(Declared):
    """Rows that suspend, while they are pending, the adverse act they name, or every one of the enterprise that they may mean."""

    category: str = Field(description="field that says which category the act is of")
    document_no: str = Field(description="field with the number of its document")
    since: str = Field(description="field with the day after which nothing can be meant")
    pending: Expression = Field(description="whether the newest report of the row still waits for an answer")

    @property
    def fields(self) -> list[str]:
        """Every field that it names."""
        return [self.category, self.document_no, self.since, *sorted(names_in(self.pending))]
