"""When acts were decided, and what every row of a permit or a penalty has alike."""

from datetime import date, timedelta
from typing import NamedTuple

from sample.draw import Draw
from sample.organs import Decider
from sample.registries import Cells
from sample.subjects import NATURAL, Subject

LONG_AGO = 3 * 365  # days of decisions that the first delivery of a feed brings


class Slice(NamedTuple):
    """The acts that one delivery brings: numbers from `start` to before `end`, decided in the days before `covers`."""

    index: int
    start: int
    end: int
    covers: date


def slices(total: int, days: list[date], stock: float) -> list[Slice]:
    """The acts spread over the days: the stock of past years in the first delivery, the rest in equal parts."""
    first = total if len(days) == 1 else int(total * stock)
    parts = max(len(days) - 1, 1)
    edges = [0, *(first + (total - first) * part // parts for part in range(parts)), total][: len(days) + 1]
    edges[-1] = total
    return [Slice(index, edges[index], edges[index + 1], day) for index, day in enumerate(days)]


def decided(draw: Draw, part: Slice) -> date:
    """The day of decision: in the stock any day of three years, later a day or two before the delivery."""
    return part.covers - timedelta(days=draw.below(LONG_AGO) + 2 if part.index == 0 else draw.below(9))


def subject_cells(subject: Subject) -> Cells:
    """The cells of the subject block of the 2018 template."""
    natural = subject.kind == NATURAL
    return {
        "subject_name": subject.name,
        "subject_kind": subject.kind,
        "credit_code": subject.code,
        "registration_number": subject.registration_number,
        "organisation_code": subject.organisation_code,
        "tax_number": "",
        "行政相对人代码_5(事业单位证书号)": "",
        "行政相对人代码_6(社会组织登记证号)": "",
        "法定代表人": subject.representative,
        "法定代表人(负责人)": subject.representative,
        "法定代表人证件类型": "",
        "法定代表人证件号码": "",
        "证件类型": "居民身份证" if natural else "",
        "证件号码": subject.identity_number,
    }


def organ_cells(organ: Decider, unit_name: str, unit_code: str, spelled: int) -> Cells:
    """Who decided and who hands on; some rows have an alias, some no code."""
    return {
        "organ_name": organ.alias if spelled < 40 else organ.name,
        "organ_code": "" if spelled % 20 == 7 else organ.code,
        "source_unit_name": unit_name,
        "source_unit_code": unit_code,
        "remarks": "",
    }


def to_come(last_day: date) -> str:
    """A day after all deliveries, on which nothing can have been decided."""
    return slashed(last_day + timedelta(days=45))


def slashed(day: date) -> str:
    return f"{day.year}/{day.month}/{day.day}"
