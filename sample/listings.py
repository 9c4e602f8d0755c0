"""Entries and removals of the two lists, and the decisions that repair penalties."""

from collections.abc import Iterator
from datetime import date, timedelta

from sample import acts, subjects
from sample.acts import Slice
from sample.draw import Draw
from sample.organs import Organs
from sample.penalties import Penalties, Penalty, enterprise
from sample.registries import Row
from sample.truth import Mark
from sample.world import World

REMOVED = 5  # one entry in as many is taken off the list in the next delivery
EARLY = 10  # one repair in as many may arrive before the report of its penalty
_ABNORMAL = (
    ("未依照《企业信息公示暂行条例》第八条规定的期限公示年度报告", "已补报未报年份的年度报告并公示"),
    ("通过登记的住所或者经营场所无法联系", "已依法办理住所变更登记"),
    ("公示企业信息隐瞒真实情况、弄虚作假", "已更正其公示的信息"),
)
_SERIOUS = (
    ("被列入经营异常名录届满三年仍未履行公示义务", "《企业信息公示暂行条例》第十七条"),
    ("生产、销售不符合食品安全标准的食品，被处以较重行政处罚", "《市场监督管理严重违法失信名单管理办法》第五条"),
    ("提交虚假材料取得登记，被撤销登记", "《市场监督管理严重违法失信名单管理办法》第十条"),
)


def abnormal_rows(world: World, organs: Organs, parts: list[Slice], part: Slice) -> Iterator[Row]:
    """The entries of one delivery, after the entries of the one before that are now removed."""
    yield from _list_rows(world, organs, parts, part, "abnormal")


def serious_rows(world: World, organs: Organs, parts: list[Slice], part: Slice) -> Iterator[Row]:
    yield from _list_rows(world, organs, parts, part, "serious")


def _list_rows(world: World, organs: Organs, parts: list[Slice], part: Slice, name: str) -> Iterator[Row]:
    if part.index:
        before = parts[part.index - 1]
        for number in range(before.start + (-before.start) % REMOVED, before.end, REMOVED):
            yield entry(world, organs, name, number, before, removed_in=part)
    for number in range(part.start, part.end):
        yield entry(world, organs, name, number, part)


def entry(world: World, organs: Organs, name: str, number: int, part: Slice, removed_in: Slice | None = None) -> Row:
    """One entry of a list, as first reported or with its removal."""
    draw = Draw(f"{world.seed}|{name}|{number}")
    day = acts.decided(draw, part)
    subject = subjects.written(world, draw, day, f"{name}-{number}", persons=15 if name == "serious" else 0)
    subject = subjects.without_organisation_code(world, draw, subject)
    serious = name == "serious"
    organ = organs.market["province"] if serious else draw.pick((organs.market["city"], *organs.districts))
    reason, other = draw.pick(_SERIOUS if serious else _ABNORMAL)
    word = "示省市监严" if serious else "示市监异"
    cells = acts.subject_cells(subject) | {
        "序号": str(number + 1), "remarks": "",
        "organ_name": organ.zh, "organ_code": organ.code if serious or draw.chance(600) else "",
        "subject_kind": _kind(subject.kind, serious), "document_no": f"{word}列字〔{day.year}〕{number + 1}号",
        "listing_reason": reason, "listing_basis": other,
        "listed_date": str(day) if serious else f"{day.year}年{day.month}月{day.day}日",
        "removed_date": "", "removal_document_no": "", "removal_reason": "", "移出决定机关": "",
        "report_action": "", "action_date": "",
    }  # fmt: skip
    if removed_in:
        gone = removed_in.covers - timedelta(days=1)
        cells |= {
            "removed_date": str(gone), "移出决定机关": organ.zh,
            "removal_document_no": f"{word}移字〔{gone.year}〕{number + 1}号",
            "removal_reason": "列入满三年，依法移出" if serious else other,
        }  # fmt: skip
    return cells, [subject.mark]


def _kind(kind: str, serious: bool) -> str:
    return kind if serious or kind == subjects.HOUSEHOLD else "企业"


def repair_rows(penalties: Penalties, days: list[date], turn: int) -> Iterator[Row]:
    """The repairs that the delivery of that turn brings; `days` are what the deliveries of the feed cover."""
    number = 0
    for level in ("city", "province"):
        for penalty, reported in penalties.repaired(level):
            number += 1
            if _turn(number, reported, days) == turn:
                yield _repair(penalties, penalty, days[turn], number)


def _turn(number: int, reported: Slice, days: list[date]) -> int:
    """The delivery that brings a repair: after the report of its penalty or with it, seldom before."""
    due = next((turn for turn, day in enumerate(days) if day >= reported.covers), len(days) - 1)
    return max(due - 1, 0) if number % EARLY == EARLY - 1 else min(due + number % 3, len(days) - 1)


def _repair(penalties: Penalties, penalty: Penalty, covers: date, number: int) -> Row:
    world = penalties.world
    who = enterprise(world, penalty)
    day = covers - timedelta(days=number % 2)
    subject = subjects.report(world, who, day, f"repair-{penalty.act}")
    without_number = number % 25 == 24  # says neither document nor date: it may concern any act of the subject
    cells = acts.subject_cells(subject) | {
        "序号": str(number), "document_no": f"示信修〔{day.year}〕{number}号", "decision_date": str(day),
        "organ_name": penalty.organ.name, "organ_code": penalty.organ.code,
        "target_document_no": "" if without_number else penalty.document_no,
        "target_organ_name": penalty.organ.name, "target_organ_code": "" if number % 10 == 9 else penalty.organ.code,
        "target_decision_date": "" if without_number else str(penalty.decided), "effective_date": str(day + timedelta(days=1)),
        "repair_reason": "已缴清罚款，已完成整改，已作出信用承诺", "经办人": "", "联系电话": "", "remarks": "",
    }  # fmt: skip
    dirt_name = "no_target" if without_number else ""
    mark: Mark = subject.mark._replace(target=penalty.act, dirt=dirt_name)
    return cells, [mark]


