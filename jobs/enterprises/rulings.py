"""What the decisions of people and organs on whose record it is say together, or against each other."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

VERDICTS = ("same", "different", "unsure")
PEOPLE = 2  # who must say so before a link carries an adverse fact
EVERY = "every"
OFFERED = 3  # candidates of a question to an organ


@dataclass(frozen=True)
class Ruling:
    """What the decisions on one subject say together."""

    subject: str
    same_as: str | None
    certain: bool  # said by two, so that it carries adverse facts of every organ
    certain_for: list[str]  # the organs that said so themselves, whose acts it carries
    ruled_out: list[str]
    contradicted: bool
    answered: list[str]  # `organ enterprise`: what organs said of their acts; who named one answered of every other
    contradicting: tuple[str, ...]  # the decisions that count for nothing, as others say the contrary


def rulings(decisions: Iterable[Mapping[str, Any]], today: Mapping[str, str]) -> list[Ruling]:
    """One ruling a subject; `today` names the enterprise that each one decided on is now, and a decision on none counts not."""
    told = [{**one, "enterprise_id": today[one["enterprise_id"]]} for one in decisions if one["enterprise_id"] in today]
    ordered = sorted(told, key=lambda one: (one["subject"], one["decision_id"]))
    return [ruling(subject, list(of)) for subject, of in groupby(ordered, key=lambda one: one["subject"])]


def ruling(subject: str, decisions: list[dict[str, Any]]) -> Ruling:
    """`same` with two enterprises, or `same` and `different` with one, contradict each other, and none of them counts."""
    whom = {verdict: {one["enterprise_id"] for one in decisions if one["verdict"] == verdict} for verdict in VERDICTS}
    doubted = whom["same"] if len(whom["same"]) > 1 else whom["same"] & whom["different"]
    same = [one for one in decisions if one["verdict"] == "same" and one["enterprise_id"] not in doubted]
    return Ruling(
        subject, same[0]["enterprise_id"] if same else None, len({person(one["decided_by"]) for one in same}) >= PEOPLE,
        sorted({one["organ_code"] for one in same if one["role"] == "organ"}), sorted(whom["different"] - doubted), bool(doubted),
        sorted({f"{one['organ_code']} {which}" for one in decisions if one["role"] == "organ"
                for which in (one["enterprise_id"], *([EVERY] if one["verdict"] == "same" else []))}),
        tuple(one["decision_id"] for one in decisions if one["verdict"] != "unsure" and one["enterprise_id"] in doubted))


def person(name: str) -> str:
    """One person under one name, however it is typed."""
    return "".join(name.split()).casefold()


def labelled_pairs(of: Iterable[Ruling]) -> list[dict[str, Any]]:
    """The pairs that nobody contradicts, as labels: subject, enterprise_id, whether they are the same."""
    return [{"subject": one.subject, "enterprise_id": enterprise, "same": same}
            for one in of
            for same, whom in ((True, [one.same_as] if one.same_as else []), (False, one.ruled_out)) for enterprise in whom]
