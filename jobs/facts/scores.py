"""What scorecards count of rows, in the pass that makes them facts: values that are there, acts that came late, broken checks."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.declarations.catalogue import not_collected
from jobs.declarations.feeds import Category, Feed
from jobs.declarations.scorecards import MADE
from jobs.values.dates import Calendar, CalendarYearError

SHANGHAI = ZoneInfo("Asia/Shanghai")
OF_FACTS = ("there", "dated", "late", "waited")  # summed over facts; `inconsistent` is of rows
ABOVE = ("province", "ministry")  # levels whose platforms hand down to us what organs told them
RECEIVED = "to_date(from_utc_timestamp(received_at, 'Asia/Shanghai'))"


def of_category(name: str, declarations: Declarations) -> list[Column]:
    """Of each outcome of a category its name, the day of its act, and how many values it has in what its feed always gives.

    The rest is asked once of all categories together: Spark would analyse it anew with the plan of each.
    """
    values = there(declarations.categories[name], declarations.feeds.values())
    return [F.lit(name).alias("category"), F.col("event_date"), F.expr(values).alias("there")]


def of_all(declarations: Declarations, calendar: Calendar) -> list[Column]:
    """Of each outcome whether its clock is known, has run out, how many working days then went by before it came, and whether
    it breaks a check between its fields."""
    told = {**timed(declarations, calendar), "inconsistent": inconsistent(declarations.categories)}
    return [F.expr(f"coalesce(cast({sql} as int), 0)").alias(column) for column, sql in told.items()]


def always(feed: Feed) -> list[str]:
    """The fields of which every delivery of the feed has a column, by whichever version it is read; of a column that is
    dropped for a person's sake a token is kept only where we have a key, which is no merit and no fault of the organ."""
    return [name for name, source in feed.fields.items() if not set(source.labels) <= set(feed.personal)
            and all(name in version.fields and not version.fields[name].optional for version in feed.versions)]


def there(category: Category, feeds: Iterable[Feed]) -> str:
    """How many of the fields that its feed always gives have a value."""
    mine = {feed.feed: always(feed) for feed in feeds if feed.category == category.category}
    each = [f"when '{feed}' then {' + '.join(f'int({name} is not null)' for name in names) or '0'}"
            for feed, names in mine.items()]
    return f"case feed {' '.join(each)} else 0 end" if each else "0"


def quoted(texts: Iterable[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts)


def inconsistent(categories: Mapping[str, Category]) -> str:
    """Whether one of the category's cross-field checks says so, be the row rejected or a value emptied."""
    broken = quoted(sorted({f"{name} {check.field} {check.reason}" for name, one in categories.items() for check in one.checks}))
    return (f"(outcome = 'reject' and concat_ws(' ', category, reject_field, reject_reason) in ({broken})) "
            f"or exists(flaws, one -> concat_ws(' ', category, one.field, one.reason) in ({broken}))")


def timed(declarations: Declarations, calendar: Calendar) -> dict[str, str]:
    """Late is what was received after the n-th working day behind the act; by a calendar that is not known nobody is.

    What ran out within the years that are known is late whenever it came.
    """
    first, counts = calendar.counted()
    last = first + timedelta(days=len(counts) - 1)
    so_far = f"cast(split('{','.join(map(str, counts))}', ',') as array<int>)"

    def until(day: str) -> str:
        return f"(case when {day} between date'{first}' and date'{last}' " \
               f"then element_at({so_far}, datediff({day}, date'{first}') + 1) end)"

    before, allowed = f"least(date_sub({RECEIVED}, 1), date'{last}')", days_of(declarations)
    waited, known = f"({until(before)} - {until('event_date')})", f"date_sub({RECEIVED}, 1) <= date'{last}'"
    late = f"{waited} >= {allowed}"
    return {"dated": f"({late}) or ({known} and {waited} + {allowed} is not null)", "late": late,
            "waited": f"case when {known} and {late} then {waited} end"}


def days_of(declarations: Declarations) -> str:
    """The working days of the clock in force on the day of the act; null where none is, and of a full snapshot, which tells an
    act again each time."""
    again = quoted(feed.feed for feed in declarations.feeds.values() if feed.snapshot == "full")
    whole = f"when feed in ({again}) then null" if again else ""
    force = [f"when category in ({quoted(one.categories)}) and event_date between date'{one.in_force_from}' "
             f"and date'{one.in_force_to or '9999-12-31'}' then {one.working_days}" for one in declarations.scorecards.clocks]
    return f"(case {whole} {' '.join(force)} end)" if force else "cast(null as int)"


# ---- of a delivery

def of_delivery(declarations: Declarations, delivery: dict[str, Any], account: dict[str, Any], calendar: Calendar,
                personal: int) -> dict[str, int | None]:
    """The counts of one delivery (`MADE`), from the sums over its rows; none where its rows were not read."""
    if not account:
        return dict.fromkeys(MADE)
    feed = declarations.feeds[delivery["feed"]]
    category = declarations.categories[feed.category]
    given = set(always(feed)) - not_collected(declarations.catalogue, category, delivery["received_at"])
    return {
        "values_given": account["facts"] * len(given), "values_there": account["there"],
        "rows_checked": delivery["rows_received"] - personal if category.checks else 0,
        "rows_inconsistent": account["inconsistent"],
        "acts_dated": account["dated"], "acts_late": account["late"], "days_waited": account["waited"],
        **delays(delivery, account, feed.level in ABOVE, calendar)}


def delays(delivery: dict[str, Any], account: dict[str, Any], from_above: bool, calendar: Calendar) -> dict[str, int]:
    """What late acts waited after the day covered, of it from a platform above us, and then for a night of ours."""
    received, admitted = (delivery[name].astimezone(SHANGHAI).date() for name in ("received_at", "first_admitted_at"))
    way = min(account["waited"], account["late"] * between(delivery["covers"], received, calendar))
    return {"days_receipt": way, "days_above": way if from_above else 0,
            "days_release": account["late"] * between(received - timedelta(days=1), admitted, calendar)}


def between(first: date, day: date, calendar: Calendar) -> int:
    """The working days after the first and before the day; 0 where a calendar is missing, as nothing waited then."""
    try:
        return calendar.working_days_after(first, day - timedelta(days=1))
    except CalendarYearError:
        return 0
