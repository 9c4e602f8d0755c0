"""From canonical fields to the columns of a feed, by the feed's own declaration."""

import unicodedata
from operator import itemgetter
from pathlib import Path

import yaml

from jobs.declarations.feeds import Feed

# The header order of the real extracts; for the other feeds the declaration's order is as good as any.
HEADERS: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "headers.yml").read_text(encoding="utf-8"))


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
        """The cell under a label: one of that very name in narrow characters, else one of a field that the label feeds."""
        narrow = unicodedata.normalize("NFKC", label)  # templates differ in the width of brackets and underscores
        if narrow in given:
            return narrow
        fields = [self._named(field, label) for field, source in self.feed.fields.items() if label in source.labels]
        for field in fields:
            if field in given:
                return field
        where = f"config/feeds/{self.feed.feed}.yml: label {label!r} (fields {', '.join(fields) or 'none'})"
        raise LayoutError(f"{where}: the sample has no cell for it; it has: {', '.join(sorted(given))}")

    def _named(self, field: str, label: str) -> str:
        labels = self.feed.fields[field].labels
        return field if len(labels) == 1 else f"{field}.{labels.index(label)}"
