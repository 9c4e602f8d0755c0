"""Penalties: acts of the city, of which the province reports half again, and acts that only the province collects."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sample import acts, dirt, subjects
from sample.acts import Slice
from sample.draw import Draw
from sample.organs import Decider, Organs
from sample.registries import Cells, Row
from sample.subjects import Subject
from sample.truth import Mark
from sample.world import Enterprise, World

JOINT = 60  # the last act of as many is on the document of the act before it, against somebody else
REPAIRED = 20  # one act in as many is repaired within the window
EXPIRING = 25  # one act in as many stops being shown on a day of the window
# Kind of violation, facts, basis.
_VIOLATIONS = (
    ("违反广告管理规定", "发布含有绝对化用语的广告", "《中华人民共和国广告法》第五十七条"),
    ("违反食品安全管理规定", "销售超过保质期的食品", "《中华人民共和国食品安全法》第一百二十四条第一款"),
    ("违反安全生产管理规定", "未对从业人员进行安全生产教育和培训", "《中华人民共和国安全生产法》第九十七条"),
    ("违反环境保护管理规定", "未按排污许可证规定排放水污染物", "《中华人民共和国水污染防治法》第八十三条"),
    ("违反道路运输管理规定", "未取得道路运输经营许可从事货物运输", "《中华人民共和国道路运输条例》第六十三条"),
    ("违反城市市容管理规定", "未按核准路线运输建筑垃圾，沿途遗撒", "《城市市容和环境卫生管理条例》第三十四条"),
    ("违反产品质量管理规定", "生产不符合国家标准的产品", "《中华人民共和国产品质量法》第四十九条"),
    ("违反消防管理规定", "占用、堵塞疏散通道", "《中华人民共和国消防法》第六十条"),
)


class Measure(NamedTuple):
    kinds: str
    content: str
    fine: int  # yuan
    confiscated: int
    licence: str
    severity: str
    shown: int  # days of publicity


class Penalty(NamedTuple):
    """One act: what does not depend on who reports it."""

    act: str
    decided: date
    shown_until: date
    organ: Decider
    document_no: str
    violation: tuple[str, str, str]
    measure: Measure
    subject: Subject


class Penalties:
    """All penalties of the district by the number of the act; `city` and `province` are the slices of their deliveries."""

    def __init__(self, world: World, organs: Organs, city: list[Slice], province: list[Slice]):
        self.world, self.organs, self.city, self.province = world, organs, city, province

    def city_rows(self, part: Slice) -> Iterator[Row]:
        for number in range(part.start, part.end):
            yield self._row(self.penalty("city", number, part), "city", number)

    def province_rows(self, part: Slice) -> Iterator[Row]:
        """Every second act that the city delivered since the turn before, then the acts that the province collects itself."""
        before = self.province[part.index - 1].covers if part.index else date.min
        for city in self.city:
            if before < city.covers <= part.covers:
                for number in range(city.start + city.start % 2, city.end, 2):
                    yield self._row(self.penalty("city", number, city), "province", number)
        for number in range(part.start, part.end):
            yield self._row(self.penalty("province", number, part), "province", number)

    def penalty(self, level: str, number: int, part: Slice) -> Penalty:
        joint = number % JOINT == JOINT - 1 and number > part.start
        draw = Draw(f"{self.world.seed}|penalty|{level}|{number - joint}")
        measure = _measure(draw)
        day = self._expiring(draw, number - joint, measure) if part.index == 0 else acts.decided(draw, part)
        day = day or acts.decided(draw, part)
        organ = draw.pick(self.organs.deciders[level])
        document_no = f"{organ.word}罚〔{day.year}〕{number - joint + 1}号"
        act = f"penalty-{level}-{number}"
        subject = subjects.written(self.world, Draw(f"{draw.key}|{number}"), day, act)
        shown_until = day + timedelta(days=measure.shown)
        return Penalty(act, day, shown_until, organ, document_no, draw.pick(_VIOLATIONS), measure, subject)

    def repaired(self, level: str) -> Iterator[tuple[Penalty, Slice]]:
        """The acts that are repaired, with the delivery that reported them: of linked enterprises, rightly written."""
        for part in self.city if level == "city" else self.province:
            for number in range(part.start + (3 - part.start) % REPAIRED, part.end, REPAIRED):
                penalty = self.penalty(level, number, part)
                if penalty.subject.mark.tier == "1" and not spoils(self.world, penalty):
                    yield penalty, part

    def _expiring(self, draw: Draw, number: int, measure: Measure) -> date | None:
        """The decision of an act whose publicity ends on a day of the window."""
        if number % EXPIRING != 11:
            return None
        window = (self.world.last_day - self.world.first_day).days + 1
        return self.world.first_day + timedelta(days=draw.below(window) - measure.shown)

    def _row(self, penalty: Penalty, level: str, number: int) -> Row:
        unit = self.organs.units[level]
        draw = Draw(f"{self.world.seed}|report|{level}|{penalty.act}")
        cells = acts.subject_cells(penalty.subject) | acts.organ_cells(penalty.organ, unit.zh, unit.code, draw.below(1000))
        cells |= _cells(penalty)
        if level == "province" and penalty.act.startswith("penalty-city"):
            # The second report of one act, in the other level's spelling.
            cells["document_no"] = dirt.former_brackets(penalty.document_no)
            if draw.chance(300):
                cells["subject_name"] = dirt.untidy_name(draw, cells["subject_name"])
        return _spoilt(spoils(self.world, penalty), cells, penalty, acts.to_come(self.world.last_day))


def _measure(draw: Draw) -> Measure:
    chosen, fine = draw.below(100), draw.pick((500, 1000, 2000, 3000, 5000, 8000, 10_000, 20_000, 50_000, 100_000, 300_000))
    gain = draw.pick((120, 860, 3150, 12_600))
    if chosen < 22:
        return Measure("警告", "给予警告", 0, 0, "", "轻微", 92)
    if chosen < 70:
        return Measure("罚款", f"罚款人民币{fine}元", fine, 0, "", "一般", 365)
    if chosen < 85:
        return Measure("罚款；没收违法所得", f"罚款{fine}元，没收违法所得{gain}元", fine, gain, "", "一般", 365)
    if chosen < 92:
        return Measure("警告;罚款", f"1.给予警告；\n2.罚款{fine}元", fine, 0, "", "一般", 365)
    if chosen < 96:
        return Measure("责令停产停业、罚款", f"责令停产停业整顿，罚款{fine}元", fine, 0, "", "严重", 3 * 365)
    licence = f"道路运输经营许可证（DY{draw.below(10**8):08d}）"
    return Measure("吊销许可证件", f"吊销{licence}", 0, 0, licence, "严重", 3 * 365)


def _cells(penalty: Penalty) -> Cells:
    kind, facts, basis = penalty.violation
    measure = penalty.measure
    return {
        "document_no": penalty.document_no,
        "violation_kind": kind,
        "violation_facts": f"经查，当事人{facts}，以上事实有现场检查笔录等证据证实。",
        "penalty_basis": basis,
        "penalty_kinds": measure.kinds,
        "penalty_content": measure.content,
        "fine_amount_yuan": _in_wan(measure.fine),
        "confiscated_amount_yuan": _in_wan(measure.confiscated),
        "withheld_licence": measure.licence,
        "decision_date": acts.slashed(penalty.decided),
        "valid_until_date": "2099/12/31",
        "publicity_end_date": acts.slashed(penalty.shown_until),
        "severity": measure.severity,
        "severity_source": penalty.organ.name,
    }


def _in_wan(yuan: int) -> str:
    return f"{yuan / 10_000:.4f}".rstrip("0").rstrip(".") if yuan else ""


def spoils(world: World, penalty: Penalty) -> str:
    """What is wrong with the act's own cells, the same in every report of it; empty for most."""
    mark = penalty.subject.mark
    chosen = Draw(f"{world.seed}|spoilt|{penalty.act}").below(1000)
    if mark.becomes != "fact" or mark.dirt or chosen >= 16:
        return ""
    return ("word_for_date", "no_document", "future_date", "unit_slip")[chosen // 4] if chosen % 4 else "word_for_amount"


def _spoilt(spoil: str, cells: Cells, penalty: Penalty, to_come: str) -> Row:
    mark: Mark = penalty.subject.mark
    if not spoil or (spoil in ("unit_slip", "word_for_amount") and not penalty.measure.fine):
        return cells, [mark]
    changed, field, reason, becomes = {
        "word_for_date": ({"decision_date": "见决定书"}, "decision_date", "not_a_date", "reject"),
        "no_document": ({"document_no": ""}, "document_no", "missing", "reject"),
        "future_date": ({"decision_date": to_come}, "decision_date", "after_receipt", "reject"),
        "unit_slip": ({"fine_amount_yuan": str(penalty.measure.fine)}, "fine_amount_yuan", "unit_slip", "fact"),
        "word_for_amount": ({"fine_amount_yuan": "详见决定书"}, "fine_amount_yuan", "not_a_number", "fact"),
    }[spoil]
    tier = mark.tier if becomes == "fact" else ""
    return cells | changed, [mark._replace(field=field, reason=reason, becomes=becomes, dirt=spoil, tier=tier)]


def enterprise(world: World, penalty: Penalty) -> Enterprise:
    return world.enterprise(int(penalty.subject.mark.enterprise))
