"""Answers as lines: CSV with one column a thing, or JSON records; each says what was looked up, and until when."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from jobs.answers.reasons import explained
from jobs.answers.resolving.answers import ALTERNATIVES, Answer
from jobs.answers.resolving.coverage import in_words
from jobs.declarations import Declarations
from jobs.declarations.asking import Lists

OF_ANSWER = ("row", "enterprise_id", "credit_code", "name", "tier", "score", "doubtful", "not_used", "reason")
OF_ALTERNATIVE = ("name", "credit_code", "enterprise_id", "score")
OF_INDEX = ("looked_up_zh", "looked_up_en", "release", "as_of", "known_at", "not_covered")


class Told:
    """How answers of one release are told; what is the same of all of them is made once."""

    def __init__(self, declared: Declarations, asked: Lists, release: dict[str, Any], lacking: list[dict[str, Any]],
                 as_json: bool) -> None:
        self.declared, self.reasons, self.as_json = declared, asked.reasons, as_json
        self.lacking = [one for one in lacking if one["of_index"]]
        self.index = {"looked_up_zh": asked.looked_up.zh, "looked_up_en": asked.looked_up.en,
                      "release": release["release_id"], "as_of": str(release["as_of"]), "known_at": shown(release["known_at"])}

    def head(self) -> Iterator[str]:
        """The header of a CSV; JSON has none."""
        alternatives = [f"alternative_{place}_{name}" for place in range(1, ALTERNATIVES + 1) for name in OF_ALTERNATIVE]
        if not self.as_json:
            yield line([*OF_ANSWER, "reason_zh", "reason_en", *alternatives, *OF_INDEX])

    def line(self, one: Answer) -> str:
        """One answer, with the end of its line."""
        said = {name: getattr(one, name) for name in OF_ANSWER}
        words = self.reasons.get(one.reason) or explained(self.declared, one.reason)
        if self.as_json:
            told = {**said, "reason_zh": words.zh, "reason_en": words.en, "alternatives": list(one.alternatives), **self.index,
                    "not_covered": self.lacking}
            return json.dumps(told, ensure_ascii=False) + "\n"
        others = [alternative[name] for alternative in one.alternatives for name in OF_ALTERNATIVE]
        others += [None] * (ALTERNATIVES * len(OF_ALTERNATIVE) - len(others))
        return line([*map(cell, said.values()), words.zh, words.en, *others, *self.index.values(), in_words(self.lacking)])


def cell(value: Any) -> Any:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def shown(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def line(cells: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
