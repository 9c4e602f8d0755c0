"""Why a fact is linked as it is: what its numbers claim, and each candidate's score as a waterfall, the best first."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobs.answers.evidence import Evidence
from jobs.answers.link_evidence import CLAIMED, LinkEvidence
from jobs.answers.link_steps import Telling, place, steps
from jobs.enterprises.comparing import LEVELS, Said
from jobs.enterprises.model import THOUSANDTHS
from jobs.enterprises.parts import taken_apart
from jobs.values.personal import mask

Row = dict[str, Any]
ABOUT_ITSELF = "a registration makes the enterprise that it is linked to"
NOT_KEPT = "the release was made before comparisons were kept; the next night explains them"
READ_OTHERWISE = "the fact is read otherwise today than when it was linked"
OTHER_CODE = "compared by code that knew other levels than today's; the next night compares anew"


def explained(evidence: Evidence, link: Row) -> Row:
    """The parts of an explanation that tell how the fact was matched; recomputed from what the release stands on."""
    of = LinkEvidence(evidence)
    if not of.remembers:
        return {"matching": {"note": NOT_KEPT}}
    if (asked := of.subject(link)) is None:
        return {"matching": {"note": ABOUT_ITSELF}}
    entries = of.entries(asked["subject"])
    ranked = entries.get("open", {}).get("ranked") or []
    ids = {one["enterprise_id"] for one in ranked} | {asked[by] for by in CLAIMED.values() if asked[by]}
    names = of.known(sorted(ids)) if ids else {}
    with of.telling() as by:
        return {"matching": about(link, asked, entries, by, of.release["snapshots"]),
                "claims": claims(link, asked, entries.get("claim"), names, by),
                "candidates": candidates(asked, entries.get("open"), names, by)}


def about(link: Row, asked: Row, entries: dict[str, Row], by: Telling, snapshots: dict[str, int]) -> Row:
    """What the fact says of whom it is about, and what judged it."""
    found, policy = entries.get("open") or {}, by.by.policy
    said = {name: mask(asked[name]) for name in ("name_key", *CLAIMED, "damaged_code", "address") if asked.get(name)}
    same = asked["said"] == asked["subject"]
    return {
        "subject": asked["subject"], **said, "region": place(asked["region"] or "", by) or None,
        "person": "token kept, never shown" if asked["person"] else None,
        "answered_by": answered_by(link), "score": found.get("score"), "accepted": found.get("accepted"),
        "margin_bits": bits(found.get("margin")), "least_score": least(found, policy.accept), "least_margin_bits": policy.margin,
        "model": by.by.model.trained_on, "scorer": found.get("version") or by.by.version,
        "index_snapshot": str(snapshots["names"]),
        "note": None if same else READ_OTHERWISE}


def least(found: Row, accept: dict[str, float]) -> float:
    """The least score at which a link is accepted where the cores differ as those of the first candidate do."""
    ranked = found.get("ranked")
    return accept.get(ranked[0]["levels"].split(" ")[0] if ranked else "usually", accept["usually"])


def answered_by(link: Row) -> str:
    return {None: "nobody", 0: "a decision", 1: "its credit code", 2: "another number", 3: "a name that one enterprise bears",
            4: "the repair of a damaged code", 5: "a score"}[link["tier"]]


def bits(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / THOUSANDTHS


# ---- numbers

def claims(link: Row, asked: Row, entry: Row | None, names: dict[str, list[Row]], by: Telling) -> list[Row]:
    """Each number that the fact says, whose it is, and whether the name beside it agrees."""
    rows = []
    for number, owner in CLAIMED.items():
        if not asked[number]:
            continue
        whose, agreement = asked[owner], agreed(link, asked, asked[owner], entry)
        told = by.words.claims[number], by.words.agreements[agreement]
        rows.append({"number": number, "zh": told[0].zh, "en": told[0].en, "value": mask(asked[number]), "enterprise_id": whose,
                     "name": names[whose][0]["name"] if whose and names[whose] else None, "agreement": agreement,
                     "agreement_zh": told[1].zh, "agreement_en": told[1].en, **nearest(asked, names.get(whose, []), by)})
    return rows


def agreed(link: Row, asked: Row, whose: str | None, entry: Row | None) -> str:
    if whose is None:
        return "nobodys"
    if not asked["name_key"]:
        return "no_name"
    if whose in asked["by_name"]:
        return "letter_by_letter"
    if entry and whose in (entry["agreeing"] or []):
        return "as_a_slip"
    believed = link["reason"].endswith("_name_unknown") and link["enterprise_id"] == whose
    return "unknown_name" if believed else "contradicts"


def nearest(asked: Row, names: list[Row], by: Telling) -> Row:
    """How the name nearest to the fact's differs, in words."""
    if not names or not asked["name_key"]:
        return {"core_zh": None, "core_en": None}
    record = said_by(asked, by)
    sides = [known_as(name, by) for name in names]
    told = [(by.by.levels(record, one), one) for one in sides]
    best, _ = max(told, key=lambda one: sum(by.by.weights(*one)))
    core = by.words.comparisons["core"].levels[best[0]]
    return {"core_zh": core.zh, "core_en": core.en}


# ---- scores

def candidates(asked: Row, entry: Row | None, names: dict[str, list[Row]], by: Telling) -> list[Row]:
    """The candidates that were scored, the best first, each with its steps; none where a tier before it answered."""
    ranked, rows = (entry or {}).get("ranked") or [], []
    for rank, one in enumerate(ranked, 1):
        kinds = [by.words.blocks[kind] for kind in one["blocks"].split(",")]
        known = next((name for name in names[one["enterprise_id"]] if name["name_key"] == one["known_name"]), None)
        levels = one["levels"].split(" ")
        beyond = [by.words.comparisons[name] for name in refused(levels, by) if not one["allowed"]]
        rows.append({
            "rank": rank, "enterprise_id": one["enterprise_id"], "name": known["name"] if known else one["known_name"],
            "current": known["current"] if known else None, "total_bits": bits(one["weight"]),
            # Of one subject all chances have one denominator.
            "chance": round(entry["score"] * 2 ** (bits(one["weight"]) - bits(ranked[0]["weight"])), 6),
            "policy_allows": one["allowed"], "refused_by_zh": "；".join(each.zh for each in beyond),
            "refused_by_en": "; ".join(each.en for each in beyond), "found_by": one["blocks"],
            "found_by_zh": "；".join(kind.zh for kind in kinds), "found_by_en": "; ".join(kind.en for kind in kinds),
            "note": None if readable(levels) else OTHER_CODE,
            "steps": steps(said_by(asked, by), known_as(known, by), levels, one["correction"], by)
            if known and readable(levels) else []})
    return rows


def readable(levels: Sequence[str]) -> bool:
    return len(levels) == len(LEVELS) and all(level in LEVELS[name] for name, level in zip(LEVELS, levels, strict=True))


def refused(levels: Sequence[str], by: Telling) -> list[str]:
    """The comparisons at whose level the policy accepts no link, however high its score."""
    may = by.by.policy.may_be
    return [name for name, level in zip(LEVELS, levels, strict=False) if name in may and level not in may[name]]


def said_by(asked: Row, by: Telling) -> Said:
    """The fact's side of every comparison."""
    return side(asked["name_key"], asked["region"], asked["damaged_code"], asked["address"], asked["person"], by)


def known_as(name: Row, by: Telling) -> Said:
    """The index's side under one of the enterprise's names."""
    return side(name["name_key"], name["region"], name["code"], name["address"], name["person"], by)


def side(name: str | None, region: str | None, code: str | None, address: str | None, person: str | None,
         by: Telling) -> Said:
    return Said(taken_apart(name or "", by.by.words), region or "", code or "", address or "", person or "")
