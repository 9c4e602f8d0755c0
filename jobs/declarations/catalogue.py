"""The catalogue of config/catalogue.yml: what may be collected, by dated lines; outside of it nothing may."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from jobs.declarations.feeds import Category, Declared
from jobs.declarations.files import among
from jobs.declarations.regimes import Mark

SHANGHAI = ZoneInfo("Asia/Shanghai")
NONE = "none"  # a field that is declared and not collected


class NotCollected(Exception):
    """Information that no line of the catalogue in force allows to be collected."""

    reason = "not_in_catalogue"


class Edition(Declared):
    """One issue of the national catalogue, or of the local supplement to it."""

    zh: str
    en: str
    issuer: str
    valid_from: date
    valid_to: date | None = None
    source: str
    mark: Mark


class Line(Declared):
    """One class of information that may be collected from the first day to the last, both included."""

    edition: str
    zh: str
    en: str
    valid_from: date
    valid_to: date | None = None
    source: str
    mark: Mark
    collected: bool = Field(default=True, description="false where the platform takes none of it, for a reason in `source`")

    def in_force(self, on: date) -> bool:
        return self.collected and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Catalogue(Declared):
    editions: dict[str, Edition]
    lines: dict[str, Line]

    def allows(self, line: str | None, on: date) -> bool:
        return line is not None and line in self.lines and self.lines[line].in_force(on)


def day_of(received_at: datetime) -> date:
    return received_at.astimezone(SHANGHAI).date()


def check_collected(all_: Any, feed: str, received_at: datetime) -> None:
    """Raises NotCollected unless the feed's category cites a line in force on the day of receipt (目录以外不得采集)."""
    category, catalogue = all_.categories[all_.feeds[feed].category], all_.catalogue
    day, cited = day_of(received_at), category.catalogue
    if catalogue.allows(cited, day):
        return
    where = f"config/categories/{category.category}.yml: catalogue"
    if cited is None:
        raise NotCollected(f"{where}: {category.zh} cites no line of config/catalogue.yml and may not be collected")
    line = catalogue.lines[cited]
    force = f"{line.valid_from} to {line.valid_to or 'further notice'}"
    raise NotCollected(f"{where}: line {cited!r} ({line.zh}, {force}) is not in force on {day}, or none of it is collected; "
                       f"{category.zh} may not be collected")


def not_collected(catalogue: Catalogue, category: Category, received_at: datetime) -> set[str]:
    """The fields of the category that are declared and may not be collected on the day of receipt."""
    day = day_of(received_at)
    return {name for name, field in category.fields.items()
            if field.catalogue is not None and not catalogue.allows(field.catalogue, day)}


def catalogue_faults(catalogue: Catalogue, categories: Mapping[str, Category]) -> Iterator[str]:
    """Each fault as one line with file and key: lines of unknown editions or outside their time, and lines nobody wrote."""
    for name, line in catalogue.lines.items():
        where = f"catalogue.yml: lines.{name}"
        if line.edition not in catalogue.editions:
            yield f"{where}.edition: {line.edition!r} is unknown; {among(line.edition, catalogue.editions)}"
        elif beyond(line, catalogue.editions[line.edition]):
            yield f"{where}: {line.valid_from} to {line.valid_to or 'further notice'} is outside edition {line.edition}"
    for category in categories.values():
        yield from cited_faults(f"categories/{category.category}.yml", category, catalogue)


def beyond(line: Line, edition: Edition) -> bool:
    return line.valid_from < edition.valid_from or (line.valid_to or date.max) > (edition.valid_to or date.max)


def cited_faults(where: str, category: Category, catalogue: Catalogue) -> Iterator[str]:
    cited: dict[str, Any] = {f"fields.{name}.catalogue": field.catalogue for name, field in category.fields.items()}
    for key, line in {"catalogue": category.catalogue, **cited}.items():
        if line is not None and line not in catalogue.lines and not (line == NONE and key != "catalogue"):
            yield f"{where}: {key}: line {line!r} is unknown; {among(line, catalogue.lines)}"
    for name, field in category.fields.items():
        if field.catalogue == NONE and (field.required or name in (*category.event_key, category.event_date)):
            yield f"{where}: fields.{name}.catalogue: none, so it can neither be required nor be part of the event's key or date"
