"""Personal data planted in every column, each piece once and nowhere else, so that a test can look for it after a night."""

from pathlib import Path

from jobs.declarations.feeds import Feed
from sample import issue
from sample.draw import Draw
from sample.layout import NAME, keys, kind_words
from sample.material import SURNAMES
from sample.registries import Cells, Row
from sample.subjects import NATURAL
from sample.truth import Mark

GIVEN = "曌昶珺璠翀骁赟懿晁彧祎喆颢睿钊"  # in no other word of the sample
KINDS = 3  # identity number, mobile number, name


class Planter:
    """Plants into the rows of every feed; what was planted is told in `planted.txt`: string, kind, feed, label."""

    def __init__(self, folder: Path, seed: int, cleaners: dict[str, str]):
        self._file = (folder / "planted.txt").open("w", encoding="utf-8")
        self._draw = Draw(f"{seed}|plant")
        self._cleaners = cleaners  # field -> cleaner
        self._names = 0
        self._slots: dict[str, int] = {}

    def close(self) -> None:
        self._file.close()

    def into(self, feed: Feed, header: list[str], columns: list[str], rows: int, row: Row) -> Row:
        """The row with what is next to be planted in this feed, of which about `rows` rows are to come in all."""
        slots = len(header) * KINDS
        start = self._slots.get(feed.feed, 0)
        if start >= slots:
            return row
        # A row that becomes a natural person's holds nothing else, or one thing planted would wipe out another.
        alone = 2 * len(header) + columns.index(NAME)
        end = min(start + min(-(-slots * 2 // rows), len(header)), slots, alone if start < alone else slots)
        end = start + 1 if start == alone else end
        self._slots[feed.feed] = end
        cells, marks = dict(row[0]), row[1]
        for slot in range(start, end):
            kind, column = divmod(slot, len(header))
            self._plant(feed, header[column], columns[column], kind, cells)
        return cells, [Mark(mark.enterprise, mark.act, "", dirt="planted") for mark in marks]

    def _plant(self, feed: Feed, label: str, key: str, kind: int, cells: Cells) -> None:
        before = cells[key]
        if label in feed.personal and kind == 2:
            self._as_representative(feed, label, key, cells)
        elif key == NAME and kind == 2:
            self._as_natural_person(feed, label, cells)
        elif kind == 2:
            name = self._name(feed, label)
            behind_words = f"{before}联系人：{name}。法定代表人：{name}，"
            cells[key] = behind_words if self._is_text(feed, key) else name
        elif self._is_text(feed, key) and kind == 1:
            cells[key] = f"{before}，联系电话{self._told(issue.mobile(self._draw), 'mobile', feed, label)}"
        else:
            number = issue.mobile(self._draw) if kind else issue.identity(self._draw)
            cells[key] = self._told(number, ("identity", "mobile")[kind], feed, label)

    def _as_representative(self, feed: Feed, label: str, key: str, cells: Cells) -> None:
        """A name in its own column and bare inside the free texts of the same row."""
        name = self._name(feed, label)
        cells[key] = name
        for field, source in feed.fields.items():
            if self._cleaners[field] == "text.free_text" and field in cells and not source.extract:
                cells[field] = f"{cells[field]}，当事人{name}到场"

    def _as_natural_person(self, feed: Feed, label: str, cells: Cells) -> None:
        cells[NAME] = self._name(feed, label)
        if NATURAL in (words := kind_words(feed)) and "subject_kind" in cells:
            cells["subject_kind"] = words[NATURAL]
        cells |= dict.fromkeys(("credit_code", "tax_number", "registration_number", "organisation_code"), "")
        for filled in feed.person_if_filled[:1]:
            cells[keys(feed, filled)[-1]] = self._told(issue.identity(self._draw), "identity", feed, label)

    def _is_text(self, feed: Feed, key: str) -> bool:
        return self._cleaners.get(key, "").startswith("text.") and not self._cleaners[key].startswith("text.choice")

    def _name(self, feed: Feed, label: str) -> str:
        number, self._names = self._names, self._names + 1
        given = GIVEN[number // len(SURNAMES) % len(GIVEN)] + GIVEN[number // len(SURNAMES) // len(GIVEN) % len(GIVEN)]
        return self._told(SURNAMES[number % len(SURNAMES)] + given, "name", feed, label)

    def _told(self, value: str, kind: str, feed: Feed, label: str) -> str:
        self._file.write(f"{value}\t{kind}\t{feed.feed}\t{label}\n")
        return value
