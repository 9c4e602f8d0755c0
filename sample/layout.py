"""From canonical fields to the columns of a feed, by the feed's own declaration."""

import unicodedata
from operator import itemgetter
from pathlib import Path

import yaml

from jobs.declarations.feeds import Feed

# The header order of the real extracts; for the other feeds the declaration's order is as good as any.
HEADERS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "headers.yml").read_text(encoding="utf-8"))


NAME = "subject_name"


class LayoutError(Exception):
    """The declaration of a feed and what the sample can say do not meet."""


class Layout:
    """The columns of one feed: which of the given cells stands under which label."""

    def __init__(self, feed: Feed, given: set[str]):
        self.feed = feed
        self.header = HEADERS.get(feed.feed, feed.labels)
        if set(self.header) != set(feed.labels):
            odd = ", ".join(sorted(set(self.header) ^ set(feed.labels)))
            raise LayoutError(f"sample/headers.yml: {feed.feed}: labels that only it or only the declaration has: {odd}")
        self.keys = [self._key(label, given) for label in self.header]
        self.row = itemgetter(*self.keys)

    def _key(self, label: str, given: set[str]) -> str:
        """The cell under a label: one of a field that the label feeds, else one of that very name in narrow characters."""
        possible = keys(self.feed, label)
        for key in possible:
            if key in given:
                return key
        where = f"config/feeds/{self.feed.feed}.yml: label {label!r} (cells {', '.join(possible)})"
        raise LayoutError(f"{where}: the sample has no cell for it; it has: {', '.join(sorted(given))}")


def keys(feed: Feed, label: str) -> list[str]:
    """What the cell under a label may be called: by the fields that it feeds, the subject's name first, or by the label."""
    fields = sorted((field for field, source in feed.fields.items() if label in source.labels), key=lambda field: field != NAME)
    narrow = unicodedata.normalize("NFKC", label)  # templates differ in the width of brackets and underscores
    return [*(_named(feed, field, label) for field in fields), narrow]


def kind_words(feed: Feed) -> dict[str, str]:
    """What the feed's column of kinds says of households and natural persons, where it tells them."""
    source = feed.fields.get("subject_kind")
    lookup = feed.lookups[source.lookup] if source and source.lookup else {}
    kinds = {"household": "个体工商户", "natural_person": "自然人"}
    return {kinds[kind]: word for word, kind in reversed(lookup.items()) if kind in kinds}


def _named(feed: Feed, field: str, label: str) -> str:
    labels = feed.fields[field].labels
    return field if len(labels) == 1 else f"{field}.{labels.index(label)}"
