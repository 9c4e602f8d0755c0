"""The rows of one table of a page, counted by the standard library's reader of tags and not by lxml."""

from html.parser import HTMLParser


class RowCount(HTMLParser):
    """Counts the start tags of rows that are in the table of a number, and in none inside it."""

    def __init__(self, number: int):
        super().__init__(convert_charrefs=False)
        self.number = number
        self.tables = self.rows = 0
        self.open: list[int] = []

    @classmethod
    def of(cls, text: str, number: int) -> "RowCount":
        """The count of the table of this number in a page; some table is `open` where the page breaks off in it."""
        count = cls(number)
        count.feed(text)
        count.close()
        return count

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables += 1
            self.open.append(self.tables)
        elif tag == "tr" and self.open:
            self.rows += self.open[-1] == self.number

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.open:
            self.open.pop()
