"""A row as a feed's own declaration shows it, cell by cell, and which of its cells may differ from row to row."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from jobs.declarations.feeds import Category, ColumnSource, Example, Feed, FieldDeclaration
from jobs.facts.plan import normalised
from sample import layout, respell
from sample.registries import Cells

SUBJECT = (
    layout.NAME, "former_name", "credit_code", "organisation_code", "registration_number", "tax_number", "subject_kind",
)  # fmt: skip
_NUMBERED = re.compile(r"_(?:no|number|id)$")
_PERIOD = re.compile(r"(?:^|_)(?:year|quarter|month|period)(?:_|$)")
_BOUND = re.compile(r"\bdate '(\d{4}-\d\d-\d\d)'")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?")


class Shape:
    """What a feed and its category say of a row: its cells by key, and the fields by what may be done to them."""

    def __init__(self, feed: Feed, category: Category, fields: dict[str, FieldDeclaration]):
        self.feed, self.category = feed, category
        self.fields = {name: field for name, field in fields.items() if name in category.fields}  # in dictionary order
        self.key = {label: layout.keys(feed, label)[0] for label in feed.labels}
        told = [label for source in feed.fields.values() for label in source.labels]
        self.shared = {label for label in told if told.count(label) > 1}
        checked = {word for check in category.checks for word in re.findall(r"\w+", check.expects)} & set(self.fields)
        own = {name for name, source in feed.fields.items() if not self.shared & set(source.labels) and name not in SUBJECT}
        self.numbered = [name for name in own if _NUMBERED.search(name) and self.fields[name].type == "string"]
        rejecting = {when.label for when in feed.reject_when}
        self.looked_up = sorted(
            name for name, source in feed.fields.items()
            if name in own - checked - {"report_action"} and source.lookup and not source.extract
            and not rejecting & set(source.labels)
        )  # fmt: skip
        self.bounds = [date.fromisoformat(day) for check in category.checks for day in _BOUND.findall(check.expects)]
        self.about_organs = any((check.field, check.reason) == ("credit_code", "not_an_organ") for check in category.checks)
        self.amounts = [] if _amounts_in_words(category, self.fields) else sorted(
            name for name in own if self.fields[name].type == "decimal" and self.fields[name].unit == "yuan"
        )  # fmt: skip

    def keys_of(self, field: str) -> list[str]:
        return [self.key[label] for label in self.feed.fields[field].labels]

    def order(self, field: str) -> str:
        """In which order a date of the field stands; empty where it is not a date."""
        if self.fields[field].type not in ("date", "timestamp"):
            return ""
        return (self.fields[field].options | self.feed.fields[field].options).get("order", "ymd")

    def words(self, field: str) -> list[str]:
        """The words of the field's lookup, without those of a person, of whom a row is dropped."""
        lookup = self.feed.lookups[self.feed.fields[field].lookup or ""]
        return sorted(word for word, value in lookup.items() if value not in ("household", "natural_person"))

    def put(self, cells: Cells, field: str, value: str) -> None:
        """The value in the field's cell, where the feed has one; of a text that says more, in its place there."""
        if field not in self.feed.fields:
            return
        source = self.feed.fields[field]
        key = self.keys_of(field)[0]
        found = source.extract and re.search(source.extract, cells[key], re.DOTALL)
        cells[key] = cells[key][: found.start(1)] + value + cells[key][found.end(1) :] if found else value

    def said(self, cells: Cells, field: str) -> str:
        """What the field's cell says, without what stands around it."""
        if field not in self.feed.fields:
            return ""
        source = self.feed.fields[field]
        cell = cells[self.keys_of(field)[0]]
        found = source.extract and re.search(source.extract, cell, re.DOTALL)
        said = found[1] if found else "" if source.extract else cell
        return "" if said.strip() in self.nulls(source) else said

    def decoded(self, cells: Cells, field: str) -> str:
        """What the field's word stands for."""
        lookup = self.feed.fields[field].lookup if field in self.feed.fields else None
        return self.feed.lookups[lookup].get(self.said(cells, field).strip(), "") if lookup else ""

    def nulls(self, source: ColumnSource) -> set[str]:
        return {"", *self.feed.nulls, *source.nulls}


class Template:
    """One good example of a feed: its cells, the day of its act, and how its dates may move."""

    def __init__(self, shape: Shape, example: Example):
        self.shape = shape
        given = {normalised(label): value for label, value in example.row.items()}
        self.cells: Cells = {key: given.get(normalised(label), "") for label, key in shape.key.items()}
        self.orders = {key: "" for key in self.cells}
        for field in shape.feed.fields:
            self.orders |= dict.fromkeys(shape.keys_of(field), shape.order(field)) if shape.order(field) else {}
        timed = [field for field in shape.feed.fields if _PERIOD.search(field) or shape.order(field)]
        periods = {key for field in timed for key in shape.keys_of(field)}
        self.periods = {key: unit for key in periods if (unit := respell.unit(self.cells[key]))}
        self.unit = max(self.periods.values(), default=0)
        received = datetime.fromisoformat(example.received_at).date()
        known = [day for key in self.cells for day in self.days(key) if day <= received]
        event = shape.category.event_date
        dated = [day for key in shape.keys_of(event) for day in self.days(key)] if event in shape.feed.fields else []
        self.latest = max(known, default=received)
        self.day: date = dated[0] if dated else self.latest
        # A day that a check names divides what was right before it from what is right since.
        self.since = max((bound for bound in shape.bounds if bound <= self.day), default=date.min)
        self.before = min((bound for bound in shape.bounds if bound > self.day), default=date.max)
        again = shape.decoded(self.cells, "report_action") in ("correct", "revoke")
        self.acts = "again" if again else "instead" if shape.said(self.cells, "prior_document_no") else ""
        persons = [self.cells[shape.key[label]].strip() for label in shape.feed.personal]
        self.persons = [person for person in persons if person.isalpha() and not person.isascii()]

    def says(self, field: str) -> str:
        return self.shape.said(self.cells, field)

    def days(self, key: str) -> list[date]:
        return list(respell.days_in(self.cells[key], self.orders[key]))

    def move(self, back: int, covers: date, lead: int) -> respell.Move:
        """To so many days before the last on which an act could have been told of, `lead` days later, by the day covered."""
        last = min(covers - timedelta(days=1 + lead), self.before - timedelta(days=1))
        if not self.unit:
            return respell.Move(days=(max(last - timedelta(days=back), min(self.since, last)) - self.day).days)
        # What says a year, a quarter or a month moves by whole ones.
        limit = covers - timedelta(days=1)
        months = ((limit.year - self.latest.year) * 12 + limit.month - self.latest.month) // self.unit * self.unit
        while respell.Move(months).day(self.latest) > limit or respell.Move(months).day(self.day) >= self.before:
            months -= self.unit
        earlier = back // 30 // self.unit * self.unit
        while earlier and respell.Move(months - earlier).day(self.day) < self.since:
            earlier -= self.unit
        return respell.Move(months - earlier)

    def moved(self, move: respell.Move) -> Cells:
        """The cells with every date in them moved."""
        return {
            key: respell.period_moved(cell, move) if key in self.periods else respell.moved(cell, move, self.orders[key])
            for key, cell in self.cells.items()
        }


def templates(shape: Shape) -> tuple[list[Template], list[Template]]:
    """The feed's good examples, those without a flaw where there are any: that report an act, and that do something to one."""
    good = [example for example in shape.feed.examples if example.gives is not None]
    made = [Template(shape, example) for example in [one for one in good if not one.flaws] or good]
    return [one for one in made if not one.acts], [one for one in made if one.acts]


def times(cell: str, factor: int) -> str:
    """An amount so many times over; anything else as it is."""
    return str(Decimal(cell) * factor) if _AMOUNT.fullmatch(cell) else cell


def _amounts_in_words(category: Category, fields: dict[str, FieldDeclaration]) -> bool:
    """Whether a check looks at an amount and at a text beside it, which would no longer agree."""
    for check in category.checks:
        kinds = {fields[word].type for word in re.findall(r"\w+", check.expects) if word in fields}
        if "decimal" in kinds and kinds & {"string", "strings"}:
            return True
    return False
