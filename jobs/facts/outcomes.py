"""Which outcome a row has: dropped as a person's or a household's, rejected for its first failing field, or a fact."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce

import pyarrow as pa
import pyarrow.compute as pc

from jobs.facts.columns import Cleaned
from jobs.facts.plan import Plan
from jobs.facts.references import OUT_OF_OFFICE
from jobs.values import names, text

NOTHING = pa.scalar(None, pa.string())
HOUSEHOLD_PAIR = "92"  # GB 32100 positions 1 and 2: 个体工商户
IDENTIFIERS = ("credit_code", "organisation_code", "registration_number", "tax_number")


@dataclass
class Verdict:
    """Over a batch: the outcome of each row and, of rejected rows, the field, the masked value and the reason."""

    outcome: pa.Array
    field: pa.Array
    value: pa.Array
    reason: pa.Array

    def columns(self) -> dict[str, pa.Array]:
        return {"outcome": self.outcome, "reject_field": self.field, "reject_value": self.value, "reject_reason": self.reason}


def verdict(plan: Plan, fields: dict[str, Cleaned], labels: dict[str, pa.Array], rows: int) -> Verdict:
    """Persons and households first, because of them nothing is kept, not even why the row was otherwise bad."""
    field, value, reason = rejections(plan, fields, labels, rows)
    household, person = is_household(plan, fields), is_person(plan, fields, labels)
    dropped = pc.or_(household, person)
    outcome = pc.case_when(
        pc.make_struct(household, person, pc.is_valid(reason)), "household", "natural_person", "reject", "fact"
    )
    field, value, reason = (pc.if_else(dropped, NOTHING, column) for column in (field, value, reason))
    return Verdict(outcome, field, value, reason)


def is_household(plan: Plan, fields: dict[str, Cleaned]) -> pa.Array:
    """The subject, or another party of the row, is said to be a household or bears the code of one."""
    blocks = [("subject_kind", "credit_code"), *((f"{party}_kind", f"{party}_code") for party in plan.category.parties)]
    said = [pc.fill_null(pc.equal(fields[kind].values, "household"), False) for kind, _ in blocks]
    return reduce(pc.or_, said + [household_code(fields[code]) for _, code in blocks])


def household_code(code: Cleaned) -> pa.Array:
    written = pc.utf8_trim_whitespace(pc.coalesce(code.values, code.received))
    coded = pc.and_(pc.starts_with(written, HOUSEHOLD_PAIR), pc.equal(pc.utf8_length(written), 18))
    return pc.fill_null(coded, False)


def is_person(plan: Plan, fields: dict[str, Cleaned], labels: dict[str, pa.Array]) -> pa.Array:
    """The subject or another party is said to be a natural person, has a personal identity column filled, or is named like
    one and without any number."""
    person = one_person(fields, "subject_kind", "subject_name", IDENTIFIERS)
    for party in plan.category.parties:
        person = pc.or_(person, one_person(fields, f"{party}_kind", f"{party}_name", (f"{party}_code",)))
    for label in plan.feed.person_if_filled:
        if label in labels:
            nulls = pa.array(["", *plan.feed.nulls], pa.string())
            person = pc.or_(person, pc.invert(pc.is_in(pc.utf8_trim_whitespace(labels[label]), value_set=nulls)))
    return person


def one_person(fields: dict[str, Cleaned], kind: str, name: str, numbers: tuple[str, ...]) -> pa.Array:
    said = pc.fill_null(pc.equal(fields[kind].values, "natural_person"), False)
    named = fields[name].values.dictionary_encode()
    likely = pa.array([names.is_probably_person(value) for value in named.dictionary.to_pylist()], pa.bool_())
    unnumbered = pc.is_null(pc.coalesce(*(fields[number].values for number in numbers)))
    return pc.or_(said, pc.and_(pc.fill_null(likely.take(named.indices), False), unnumbered))


def rejections(plan: Plan, fields: dict[str, Cleaned], labels: dict[str, pa.Array], rows: int) -> tuple[pa.Array, ...]:
    """Of each row the first failing field in dictionary order, its masked value and the reason; null where none fails."""
    found = pa.nulls(rows, pa.string()), pa.nulls(rows, pa.string()), pa.nulls(rows, pa.string())
    for when in plan.feed.reject_when:
        hit = pc.equal(pc.utf8_trim_whitespace(labels[when.label]), when.value)
        found = first(found, hit, when.field, labels[when.label], pa.repeat(pa.scalar(when.reason), rows))
    groups = {group[0]: group for group in plan.category.required_any}
    reports = pc.invert(revoking(fields, rows))
    for name, field in fields.items():
        declared, source = plan.category.fields[name], plan.feed.fields.get(name)
        if source and source.unknown_words == "reject":
            unknown = pc.and_(reports, pc.fill_null(pc.equal(field.reasons, "unknown_code"), False))
            found = first(found, unknown, name, field.received, field.reasons)
        if declared.required:
            found = first(found, pc.and_(reports, pc.is_null(field.values)), name, field.received, field.reasons)
        elif declared.readable:
            unread = pc.and_(pc.is_null(field.values), pc.is_valid(field.reasons))
            found = first(found, unread, name, field.received, field.reasons)
        # What may end another act is taken nevertheless: turned away, it would keep in public what must go.
        if name == "organ_code" and not plan.category.targets:
            out = pc.and_(reports, pc.fill_null(pc.is_in(field.reasons, value_set=pa.array(OUT_OF_OFFICE)), False))
            found = first(found, out, name, field.values, field.reasons)
        if name in groups:
            group = [fields[member] for member in groups[name]]
            missing = pc.and_(reports, pc.is_null(pc.coalesce(*(member.values for member in group))))
            found = first(found, missing, name, pc.coalesce(*(member.received for member in group)),
                          pc.coalesce(*(member.reasons for member in group)))
    field, value, reason = found
    told = value.to_pylist()
    for row in pc.indices_nonzero(pc.is_valid(value)).to_pylist():
        told[row] = shows(plan, field[row].as_py())(told[row])
    return field, pa.array(told, pa.string()), reason


def shows(plan: Plan, name: str) -> Callable[[str], str]:
    """What of a bad cell of the field may be told: of one that a lookup decodes, the words it does not know."""
    source = plan.feed.fields.get(name)
    words = plan.feed.lookups[source.lookup] if source and source.lookup else None
    return partial(text.mask_words, words=words) if words else text.mask_value


def revoking(fields: dict[str, Cleaned], rows: int) -> pa.Array:
    """The rows that take back what was reported: one turned away would keep an act in public that must go."""
    if "report_action" not in fields:
        return pa.repeat(pa.scalar(False), rows)
    return pc.fill_null(pc.equal(fields["report_action"].values, "revoke"), False)


def first(found: tuple[pa.Array, ...], hit: pa.Array, name: str, value: pa.Array, reason: pa.Array) -> tuple[pa.Array, ...]:
    """`found`, with this failure on the rows that had none yet."""
    new = pc.and_(hit, pc.is_null(found[2]))
    told = pa.scalar(name), value, pc.fill_null(reason, "missing")
    return tuple(pc.if_else(new, said, before) for said, before in zip(told, found, strict=True))
