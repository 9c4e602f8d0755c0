"""Model of config/resolve.yml: the columns that a list may have, what may be asked for, and the words of answers."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from jobs.declarations.files import Declared, read_one


class Purpose(Declared):
    """What somebody asks for, and the basis on which that is allowed."""

    zh: str
    en: str
    basis: str = Field(min_length=4, description="none where we know of none")


class Sentence(Declared):
    """The same said in both languages."""

    zh: str
    en: str


class AskedExample(Declared):
    """A row of a list, and what is asked of the index for it, why nothing is, or that it is nobody's who is in scope."""

    row: dict[str, str]
    asks: dict[str, Any] | None = None
    unanswered: str | None = None
    out_of_scope: bool = False


class Lists(Declared):
    """config/resolve.yml."""

    columns: dict[str, list[str]] = Field(description="by field of the dictionary, the labels that it may stand under")
    kinds: dict[str, str] = Field(description="what words of a kind mean")
    households: list[str] = Field(description="what in a name says that it is a household's")
    purposes: dict[str, Purpose]
    reasons: dict[str, Sentence] = Field(description="what an answer says of each reason that the engine gives")
    looked_up: Sentence = Field(description="what every answer says was looked up")
    examples: list[AskedExample] = Field(min_length=1)


def lists(folder: Path) -> Lists:
    """What a list may hold and be asked for."""
    return read_one(folder / "resolve.yml", Lists)
