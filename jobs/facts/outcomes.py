"""Which outcome a row has: dropped as a person's or a household's, rejected for its first failing field, or a fact."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, reduce

import pyarrow as pa
import pyarrow.compute as pc

from jobs.facts.columns import Cleaned
from jobs.facts.plan import Plan
from jobs.facts.references import OUT_OF_OFFICE
from jobs.values import names, regions, text
from jobs.values.personal import MASK

NOTHING = pa.scalar(None, pa.string())
HOUSEHOLD_PAIR = "92"  # GB 32100 positions 1 and 2: 个体工商户
NOT_COLLECTED = pa.array(["household", "natural_person"])
REASONS = {
    "kind_contradicts_code": (
        "The row calls a party a household or a natural person and gives it the valid credit code of another kind of subject; "
        "one of the two is wrong, so nothing of the row is kept, and its organ is asked.",
        "该行将主体标为个体工商户或自然人，而其统一社会信用代码有效且属于其他主体类型；二者必有一误，故该行内容一律不留存，退回来源单位核实。",
    ),
}
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
    said = [called(fields, party, "household") for party in parties(plan)]
    return reduce(pc.or_, said + [household_code(fields[code_of(party)]) for party in parties(plan)])


def parties(plan: Plan) -> list[str]:
    return ["subject", *plan.category.parties]


def code_of(party: str) -> str:
    return "credit_code" if party == "subject" else f"{party}_code"


def called(fields: dict[str, Cleaned], party: str, word: str) -> pa.Array:
    """The rows that call the party so, where its code does not say otherwise."""
    said = pc.fill_null(pc.equal(fields[f"{party}_kind"].values, word), False)
    return pc.and_(said, pc.invert(contradicted(fields, party)))


def contradicted(fields: dict[str, Cleaned], party: str) -> pa.Array:
    """The party is called a household or a person, while its code is valid and of neither and its name not like a person's."""
    called_so = pc.is_in(fields[f"{party}_kind"].values, value_set=NOT_COLLECTED)
    others = pc.fill_null(pc.invert(pc.starts_with(fields[code_of(party)].values, HOUSEHOLD_PAIR)), False)
    suspect = pc.and_(called_so, others)
    return pc.and_(suspect, pc.invert(like_a_person(fields[f"{party}_name"]))) if pc.any(suspect).as_py() else suspect


def household_code(code: Cleaned) -> pa.Array:
    written = pc.utf8_trim_whitespace(pc.coalesce(code.values, code.received))
    coded = pc.and_(pc.starts_with(written, HOUSEHOLD_PAIR), pc.equal(pc.utf8_length(written), 18))
    return pc.fill_null(coded, False)


def is_person(plan: Plan, fields: dict[str, Cleaned], labels: dict[str, pa.Array]) -> pa.Array:
    """The subject or another party is said to be a natural person, has a personal identity column filled, or is named like
    one and without any number."""
    numbers = {party: IDENTIFIERS if party == "subject" else (code_of(party),) for party in parties(plan)}
    person = reduce(pc.or_, (one_person(fields, party, numbers[party]) for party in parties(plan)))
    for label in plan.feed.person_if_filled:
        if label in labels:
            nulls = pa.array(["", *plan.feed.nulls], pa.string())
            person = pc.or_(person, pc.invert(pc.is_in(pc.utf8_trim_whitespace(labels[label]), value_set=nulls)))
    return person


def one_person(fields: dict[str, Cleaned], party: str, numbers: tuple[str, ...]) -> pa.Array:
    unnumbered = pc.is_null(pc.coalesce(*(fields[number].values for number in numbers)))
    likely = like_a_person(fields[f"{party}_name"])
    return pc.or_(called(fields, party, "natural_person"), pc.and_(likely, unnumbered))


def like_a_person(name: Cleaned) -> pa.Array:
    named = name.values.dictionary_encode()
    likely = pa.array([names.is_probably_person(value) for value in named.dictionary.to_pylist()], pa.bool_())
    return pc.fill_null(likely.take(named.indices), False)


def rejections(plan: Plan, fields: dict[str, Cleaned], labels: dict[str, pa.Array], rows: int) -> tuple[pa.Array, ...]:
    """Of each row the first failing field in dictionary order, its masked value and the reason; null where none fails.

    A kind that its code contradicts goes before all, and without a value: the row may be a person's (design law 7).
    """
    found = pa.nulls(rows, pa.string()), pa.nulls(rows, pa.string()), pa.nulls(rows, pa.string())
    why = pa.repeat(pa.scalar("kind_contradicts_code"), rows)
    for party in parties(plan):
        found = first(found, contradicted(fields, party), f"{party}_kind", NOTHING, why)
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
    """What of a bad cell of the field may be told: of one that a lookup or a shared list decodes, the words it does not know."""
    if name in plan.fields and plan.fields[name].sensitivity == "never":
        return lambda _: MASK
    words = vocabulary(plan, name)
    return partial(text.mask_words, words=words) if words else text.mask_value


def vocabulary(plan: Plan, name: str) -> Mapping[str, str] | frozenset[str] | None:
    """The words that the field's lookup, or the list that it refers to, knows."""
    source, field = plan.feed.fields.get(name), plan.fields[name]
    if source and source.lookup:
        return plan.feed.lookups[source.lookup]
    if field.cleaner == "regions.region_code":
        return regions.load_divisions(field.options["table"]).names
    if field.cleaner == "regions.industry":
        return frozenset(regions.load_industries(field.options["table"]).codes)
    return {"list_kind": frozenset(plan.list_terms), "item_code": frozenset(plan.items.days)}.get(name)


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
