"""Models of the dictionary, categories, feeds and organs: one YAML file each, unknown keys refused."""
from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field

from jobs.declarations.files import Declared
from jobs.declarations.row_rules import CrossCheck, Suspends
from jobs.declarations.transports import IfLate, Transport
from jobs.readers.spec import FormatSpec

Level = Literal["province", "city", "ministry"]
NOT_SAID: Any = None
Sensitivity = Literal["open", "market", "government", "audit"]
Shown = Literal["open", "market", "government", "audit", "never"]  # never: in no channel, nor anywhere else that is read
FieldType = Literal["string", "date", "timestamp", "decimal", "integer", "boolean", "strings"]


class FieldDeclaration(Declared):
    """One canonical field of the dictionary."""

    type: FieldType
    cleaner: str
    zh: str
    en: str
    unit: str | None = None
    sensitivity: Shown = "open"
    options: dict[str, Any] = {}
    also: list[str] = Field(default=[], description="other labels of the same thing, in Chinese or English or of a standard: "
                                                    "what `draft` knows a column by; no row is read otherwise for them")


class CategoryField(Declared):
    required: bool = False
    missing: Literal["flaw"] | None = Field(default=None, description="its absence is counted as flaw `<field>_missing`")
    catalogue: str | None = Field(default=None, description="line of config/catalogue.yml of its own; none: not collected")
    readable: bool = Field(default=False, description="a row whose cell here cannot be read is rejected; an empty cell is none")
    of: str | None = Field(default=None, description="field whose cell this one is read from as well; then no feed gives it")
    dated_by: str | None = Field(default=None, description="field whose year says which divisions are in force for this one")


class Example(Declared):
    """A row as received and what becomes of it: exactly one of `gives`, `rejects`, `drops`."""

    row: dict[str, str]
    received_at: str = "2026-11-20T18:00:00+08:00"
    gives: dict[str, Any] | None = None
    flaws: dict[str, str] = {}
    rejects: dict[str, str] | None = None
    drops: Literal["household", "natural_person"] | None = None


class Category(Declared):
    category: str
    zh: str
    en: str
    adverse: bool
    evidence: Literal["decided", "checked", "declared", "alleged"]
    served_table: str
    fields: dict[str, CategoryField]
    required_any: list[list[str]] = []
    event_key: list[str]
    event_key_also: list[str] = Field(default=[], description="fields that tell acts of one key apart where they are filled")
    event_date: str | None
    publicity: str
    retention: str
    targets: str | None = Field(default=None, description="category whose events a fact of this one may end")
    target_key: list[str] = Field(default=[], description="the fields that spell the key of the event it may end")
    parties: list[str] = Field(default=[], description="prefixes (of `_name`, `_code`, `_kind`) of further parties of a row, "
                               "which is dropped where one is a person or a household, as where the subject is")
    snapshot_key: list[str] = Field(default=[], description="the fields that name an entry from one full snapshot to the next; "
                                                            "without, its event key does")
    prior_key: list[str] = Field(default=[], description="the fields that spell the key of the act that one of these replaces")
    suspends: Suspends | None = None
    list_name: str | None = None
    catalogue: str | None = Field(default=None, description="line of config/catalogue.yml under which it may be collected")
    sensitivity: Sensitivity = Field(default="open", description="the first channel that may see its table at all")
    namespace: Literal["public", "market"] = "public"
    rows: dict[str, str] = Field(default={}, description="by channel, which rows of its table it sees beside the one predicate")
    checks: list[CrossCheck] = []


class ColumnSource(Declared):
    """Where a field comes from: one label, or several whose values are joined by `/`."""

    label: str | list[str]
    nulls: list[str] = []
    options: dict[str, Any] = {}
    extract: str | None = Field(default=None, description="regular expression over the cell, before lookup and cleaner: its "
                                "first group is the value; a cell it is not found in holds no value for this field")
    cleaner: str | None = Field(default=None, description="cleaner for a column that says the field in other words than the "
                                "dictionary's cleaner knows, such as an amount inside the text of a decision")
    lookup: str | None = None
    unknown_words: Literal["reject", "hold", "flaw"] = Field(
        default="flaw", description="what a row is with a word that nobody declared: a reject; a fact whose act waits for a "
        "person, out of view until then; or a fact without that value")
    optional: bool = False

    @property
    def labels(self) -> list[str]:
        return [self.label] if isinstance(self.label, str) else self.label


class Deadline(Declared):
    """A delivery covering day D is due at `time` (Asia/Shanghai) on the n-th working day after D."""

    working_days: int = Field(ge=0)
    time: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class Fill(Declared):
    """The least share of a delivery's facts that have a value in a field."""

    min: float = Field(gt=0, le=1)
    because: str
    least_facts: int = Field(default=20, ge=1, description="of fewer facts in a delivery a share says nothing")


class BoundChanged(Declared):
    """A bound that was another once, and why it is not any more; `bound` as in `min_rows` or `fill.credit_code`, null is none."""

    since: date
    bound: str
    was: float | None
    now: float | None
    because: str


class Volume(Declared):
    """What a delivery holds when nothing is wrong: fewer rows or values hold it, more rows warn."""

    min_rows: int = Field(ge=0)
    max_rows: int = Field(ge=1)
    because: str = Field(min_length=4)
    working_days_only: bool = Field(default=False, description="a delivery that covers a day off may be empty")
    fill: dict[str, Fill] = {}
    most_missing: float | None = Field(default=None, gt=0, le=1, description="the largest share of a full snapshot that may be "
                                       "gone from the next one without a warning")
    changed: list[BoundChanged] = Field(default=[], description="every change of a bound since the first delivery, oldest first")

    @property
    def bounds(self) -> dict[str, float | None]:
        """Every bound by the name that a change gives it."""
        rows = {"min_rows": float(self.min_rows), "max_rows": float(self.max_rows), "most_missing": self.most_missing}
        return rows | {f"fill.{name}": fill.min for name, fill in self.fill.items()}


class RejectWhen(Declared):
    label: str
    value: str
    reason: str
    field: str


class Split(Declared):
    """A cell that names several subjects becomes one fact a subject."""

    field: str
    on: str


class Earlier(Declared):
    """How a delivery that covers a day up to the last one is read; each key that it says stands whole in place of the same key of
    the version after it, and each that it does not say was as there."""

    until: date
    because: str = Field(min_length=4)
    examples: list[Example] = Field(min_length=1)
    # The defaults stand for nothing: what is said is known by `model_fields_set`.
    format: FormatSpec = NOT_SAID
    volume: Volume = NOT_SAID
    nulls: list[str] = NOT_SAID
    fields: dict[str, ColumnSource] = NOT_SAID
    constants: dict[str, str] = NOT_SAID
    lookups: dict[str, dict[str, str]] = NOT_SAID
    personal: list[str] = NOT_SAID
    person_if_filled: list[str] = NOT_SAID
    ignored: list[str] = NOT_SAID
    reject_when: list[RejectWhen] = NOT_SAID
    split: Split | None = NOT_SAID

    @property
    def said(self) -> dict[str, Any]:
        """The keys of a feed that it says, examples apart, which every version has of its own."""
        return {name: getattr(self, name) for name in sorted(self.model_fields_set - {"until", "because", "examples"})}


Absence = Literal["exit", "ask"]


class Feed(Declared):
    feed: str
    zh: str
    en: str
    category: str
    organ: str
    level: Level
    legal_basis: str
    owner: str
    snapshot: Literal["full", "increment"]
    absence: Absence | None = Field(default=None, description="what it means when an entry of an adverse list is gone from a "
                                    "full snapshot: it left the list, or somebody must ask; nothing where it is not said")
    transport: Transport
    format: FormatSpec
    schedule: str = Field(pattern=r"^([\d*/,-]+ ){4}[\d*/,-]+$", description="cron: minute, hour, day, month, weekday")
    deadline: Deadline
    if_late: IfLate = "go_without"
    volume: Volume
    nulls: list[str] = []
    fields: dict[str, ColumnSource]
    constants: dict[str, str] = Field(default={}, description="fields the feed implies without a column")
    lookups: dict[str, dict[str, str]] = {}
    personal: list[str] = Field(default=[], description="labels of personal columns: dropped, and masked elsewhere in the row")
    person_if_filled: list[str] = Field(default=[], description="labels that only a natural person fills: the row is dropped")
    ignored: list[str] = []
    reject_when: list[RejectWhen] = []
    split: Split | None = None
    examples: list[Example] = Field(min_length=1)
    earlier: list[Earlier] = Field(default=[], description="how it was read before, oldest first")

    @property
    def versions(self) -> list[Feed]:
        """How it is read, each version as a whole feed without others: the earlier ones, oldest first, and the newest."""
        found = [self.model_copy(update={"earlier": []})]
        for one in reversed(self.earlier):
            found.append(found[-1].model_copy(update={**one.said, "examples": one.examples}))
        return found[::-1]

    def on(self, day: date) -> Feed:
        """The version by which a delivery that covers the day is read."""
        return self.versions[sum(one.until < day for one in self.earlier)]

    def says(self, key: str, day: date) -> str:
        """Where in the declaration the key stands by which such a delivery is read: `earlier[0].lookups`, or `lookups`."""
        told = (f"earlier[{n}].{key}" for n, one in enumerate(self.earlier) if one.until >= day and key in one.said)
        return next(told, key)

    @property
    def labels(self) -> list[str]:
        """Every label the declaration knows, in declared order, each once."""
        kept = [label for source in self.fields.values() for label in source.labels]
        dropped = [when.label for when in self.reject_when]
        return list(dict.fromkeys(kept + self.personal + self.person_if_filled + self.ignored + dropped))

    @property
    def optional_labels(self) -> set[str]:
        return {label for source in self.fields.values() if source.optional for label in source.labels}
