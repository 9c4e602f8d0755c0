"""Rows of any declared feed, made of its own examples: other subjects, numbers, days, organs and amounts, and some dirt."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from math import gcd
from typing import NamedTuple

from jobs.declarations.feeds import Category, Feed, FieldDeclaration
from sample import acts, issue, layout, naming, subjects
from sample.acts import Slice
from sample.draw import Draw
from sample.organs import Organs
from sample.registries import Cells, Row
from sample.subjects import Columns, Subject
from sample.template import SUBJECT, Shape, Template, templates, times
from sample.truth import Mark
from sample.world import Enterprise, World

REPEATED = 70  # one row in as many stands in its file twice
SPOILT = 40  # one row in as many has a word for its date, and one lacks what its category requires
VANISHED = 25  # one row in as many is gone from the next full extract
ACTING = 8
PRIOR = {"prior_document_no", "prior_decision_date"}  # the act that a row replaces
_STEP = 1_000_003  # a prime: rows of one feed are about different enterprises until there are no more
_NUMBERS = ("credit_code", "registration_number", "organisation_code", "tax_number")
_YEAR = re.compile(r"(?<=[〔\[（(【])(?:19|20)\d\d(?=[〕\]）)】])")
_WORD = re.compile(r"^[^\d〔\[（(【]{2,}(?=[〔\[（(【](?:19|20)\d\d)")
_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")


class Spoilt(NamedTuple):
    """Cells as something was done to them, its name, and the values that are bad now, with the reason."""

    cells: Cells
    dirt: str = ""
    bad: dict[str, str] = {}


class Generic:
    """The maker of one feed's rows: each a function of its number."""

    def __init__(self, world: World, organs: Organs, feed: Feed, category: Category, fields: dict[str, FieldDeclaration]):
        self.world, self.feed = world, feed
        self.shape = Shape(feed, category, fields)
        self.plain, self.acting = templates(self.shape)
        # The days from an act to the last that an example tells of it.
        self.lead = max((one.latest - one.day).days for one in (*self.plain, *self.acting))
        since = world.first_day - timedelta(days=acts.LONG_AGO + 31)
        self.everybody = organs.sitting
        self.organs = organs.competent(feed.organ, feed.level, category.category, since)
        numbered = any(set(group) <= set(_NUMBERS) for group in category.required_any)
        has = feed.fields
        self.columns = Columns("credit_code" in has, "registration_number" in has, "organisation_code" in has, numbered)
        self.words = layout.kind_words(feed)
        size = world.size
        self.step = next(step for step in range(_STEP, _STEP + size) if gcd(step, size) == 1)
        self.start = Draw(f"{world.seed}|{feed.feed}").below(size)

    def rows(self, parts: list[Slice], part: Slice) -> Iterator[Row]:
        """The rows of a delivery: what is new in it, or in a full extract all that stands."""
        for one in [*parts[: part.index], part] if self.feed.snapshot == "full" else [part]:
            for number in range(one.start, one.end):
                if one.index < part.index and number % VANISHED == 3:
                    continue
                row = self.row(number, one)
                yield row
                if number % REPEATED == REPEATED // 2 and row[1][0].becomes == "fact" and not self.feed.split:
                    yield row[0], [row[1][0]._replace(becomes="duplicate", dirt="duplicate")]

    def row(self, number: int, part: Slice) -> Row:
        subject, cells = self._made(number, part)
        return self._judged(number, subject, self._spoilt(number, subject.mark, cells))

    def _made(self, number: int, part: Slice) -> tuple[Subject, Cells]:
        """The row as it should be; one that corrects, revokes or replaces an act says who and what the row of that act says."""
        template, about = self._template(number), number
        if template.acts:
            about = max(number - 1, part.start)
        draw = Draw(f"{self.world.seed}|{self.feed.feed}|{about}")
        move = template.move(draw.below(acts.LONG_AGO if part.index == 0 else 9), part.covers, self.lead)
        subject = self._subject(draw, about, move.day(template.day))
        if template.acts and subject.mark.dirt == "nameless":  # what takes an act back is taken without a name too
            who = self.world.enterprise(int(subject.mark.enterprise))
            subject = subjects.report(self.world, who, move.day(template.day), subject.mark.act)
        cells = self._with_subject(draw, template, template.moved(move), subject)
        day = move.day(template.day)
        self._vary(Draw(f"{draw.key}|varied"), cells, number)
        before = self._made(about, part)[1] if about != number else cells
        for field in self.shape.numbered:
            if said := self.shape.said(cells, field):
                same = template.acts == "again" and template.says(field) == self.plain[0].says(field)
                self.shape.put(cells, field, _numbered(said, about if same else number, day))
        self._decided_by(Draw(f"{draw.key}|organ"), cells)
        for field in PRIOR & set(self.feed.fields):
            if self.shape.said(cells, field):
                self.shape.put(cells, field, self.shape.said(before, field.removeprefix("prior_")))
        return subject, cells

    def _template(self, number: int) -> Template:
        """An example that reports an act; once in eight rows, where there are any, one about the act of the row before."""
        if number % ACTING == ACTING - 1 and self.acting:
            return self.acting[number // ACTING % len(self.acting)]
        return self.plain[number % len(self.plain)]

    def _subject(self, draw: Draw, number: int, day: date) -> Subject:
        act = f"{self.feed.feed}-{number}"
        if layout.NAME not in self.feed.fields:
            return subjects.nobody(act)
        if self.shape.about_organs:
            return subjects.organ(draw.pick(self.everybody), act)
        return subjects.fitted(self.world, draw, self._enterprise(draw, number), day, act, self.columns)

    def _enterprise(self, draw: Draw, number: int) -> Enterprise:
        """Another one for each row, seldom a household; one in fifty is of elsewhere."""
        size = self.world.size
        chosen = 1 + (number * self.step + self.start) % size
        enterprise = self.world.enterprise(chosen + (size if draw.below(50) == 0 else 0))
        known = self.columns.code or subjects.HOUSEHOLD in self.words
        if enterprise.kind == "household" and not (known and draw.chance(250)):
            # Households stand from 70 to 81 of each hundred: 18 further nobody is one; behind all others it is asked for once.
            return self.world.enterprise(enterprise.number + (size // 100 + 1) * 100 + 18)
        return enterprise

    def _with_subject(self, draw: Draw, template: Template, cells: Cells, subject: Subject) -> Cells:
        """The cells about this subject: its block, its persons, and its name wherever the texts say it."""
        former, person = self.shape.said(template.cells, layout.NAME), subject.representative or naming.person(draw)
        person = person if len(person) > 1 and subject.mark.becomes != "natural_person" else naming.person(draw)
        for key, cell in cells.items():
            for name in template.persons:
                cell = cell.replace(name, person)
            cells[key] = cell.replace(former, subject.name) if former and subject.name else cell
        for label in self.feed.personal:
            cells[self.shape.key[label]] = _personal(draw, cells[self.shape.key[label]])
        name = "" if subject.mark.dirt == "nameless" else subject.name
        block = (name, "", subject.code, subject.organisation_code, subject.registration_number, "")
        for field, value in zip(SUBJECT, block, strict=False):
            self.shape.put(cells, field, value)
        if subject.kind in self.words:
            self.shape.put(cells, "subject_kind", self.words[subject.kind])
        for label in self.feed.person_if_filled:
            cells[self.shape.key[label]] = subject.identity_number
        return cells

    def _vary(self, draw: Draw, cells: Cells, number: int) -> None:
        factor = draw.pick((1, 1, 2, 3, 5, 8))
        for field in self.shape.amounts:
            for key in self.shape.keys_of(field):
                cells[key] = times(cells[key], factor)
        for field in self.shape.looked_up:
            if self.shape.said(cells, field):
                self.shape.put(cells, field, draw.pick(self.shape.words(field)))
        for label in self.feed.ignored:
            key = self.shape.key[label]
            cells[key] = str(number + 1) if cells[key].isdecimal() and len(cells[key]) < 7 else cells[key]

    def _decided_by(self, draw: Draw, cells: Cells) -> None:
        """Another organ of the same competence where the example's is not the feed's own; an alias here, no code there."""
        name, code = self.shape.said(cells, "organ_name"), self.shape.said(cells, "organ_code")
        own, others = self.organs[0], self.organs[1:]
        organ = own if own.code == code or name in (own.name, own.alias) or not others else draw.pick(others)
        if not name or (organ is own and own.name != name):
            return
        spelled = draw.below(1000)
        self.shape.put(cells, "organ_name", organ.alias if spelled < 40 else organ.name)
        if code:
            self.shape.put(cells, "organ_code", "" if spelled % 20 == 7 else organ.code)
        if organ is not own:
            spelt = _WORD.sub(lambda word: f"{organ.word}{word[0][-2:]}", self.shape.said(cells, "document_no"))
            self.shape.put(cells, "document_no", spelt)

    def _spoilt(self, number: int, mark: Mark, cells: Cells) -> Spoilt:
        """One row in forty with a word for its date, one without something required; never where the subject has its own dirt."""
        if mark.becomes != "fact":
            return Spoilt(cells)
        if mark.dirt:
            return Spoilt(cells, mark.dirt, {mark.field: mark.reason} if mark.field else {})
        event = self.shape.category.event_date
        if number % SPOILT == 9 and self._is_alone(event):
            return Spoilt(cells | {self.shape.keys_of(event)[0]: "见决定书"}, "word_for_date", {event: "not_a_date"})
        required = [name for name, field in self.shape.category.fields.items() if field.required and self._is_alone(name)]
        if number % SPOILT == 29 and required:
            field = required[-1 if number % 2 else 0]
            return Spoilt(cells | dict.fromkeys(self.shape.keys_of(field), ""), "not_given")
        return Spoilt(cells)

    def _is_alone(self, field: str | None) -> bool:
        """A field with a column of its own."""
        source = self.feed.fields.get(field or "")
        return bool(source and not source.extract and not set(source.labels) & self.shape.shared)

    def _judged(self, number: int, subject: Subject, spoilt: Spoilt) -> Row:
        mark = subject.mark
        if mark.becomes in ("household", "natural_person"):
            return spoilt.cells, [mark]
        if failing := self._failing(spoilt):
            field, reason = failing
            mark = mark._replace(becomes="reject", field=field, reason=reason, tier="", dirt=mark.dirt or spoilt.dirt)
        elif spoilt.bad:
            [(field, reason)] = spoilt.bad.items()
            mark = mark._replace(field=field, reason=reason, dirt=spoilt.dirt)
        return spoilt.cells, [mark]

    def _failing(self, spoilt: Spoilt) -> tuple[str, str] | None:
        """The first field in dictionary order that the category requires and the row has not, and why."""
        category = self.shape.category
        groups = {group[0]: group for group in category.required_any}
        revokes = self.shape.decoded(spoilt.cells, "report_action") == "revoke"
        for field in self.shape.fields:
            if category.fields[field].readable and field in spoilt.bad:
                return field, spoilt.bad[field]
            wanted = [[field]] if category.fields[field].required else []
            for group in [*wanted, *([groups[field]] if field in groups else [])]:
                if not revokes and not any(self._has(spoilt, one) for one in group):
                    return field, next((spoilt.bad[one] for one in group if one in spoilt.bad), "missing")
        return None

    def _has(self, spoilt: Spoilt, field: str) -> bool:
        if field in spoilt.bad:
            return False
        if field.endswith("organ_code") and self.shape.said(spoilt.cells, field.replace("_code", "_name")):
            return True
        many = field in self.feed.fields and len(self.feed.fields[field].labels) > 1
        cells = (spoilt.cells[key] for key in self.shape.keys_of(field)) if many else [self.shape.said(spoilt.cells, field)]
        return field in self.feed.constants or any(cells)


def _numbered(text: str, number: int, day: date) -> str:
    """The number of a document or certificate with that year and that running number."""
    dated = _YEAR.sub(str(day.year), text)
    return _LAST_NUMBER.sub(lambda found: f"{number + 1:0{len(found[0])}d}", dated, count=1)


def _personal(draw: Draw, cell: str) -> str:
    """Another person's number in a number's place."""
    text = cell.strip()
    if len(text) == 11 and text.isdecimal():
        return issue.mobile(draw)
    return issue.identity(draw) if len(text) == 18 and text[:17].isdecimal() else cell
