"""Permits of the province and of the city, in the template of 2018."""

from collections.abc import Iterator
from datetime import date, timedelta

from sample import acts, dirt, subjects
from sample.acts import Slice
from sample.draw import Draw
from sample.organs import Organs
from sample.registries import Cells, Row
from sample.truth import Mark
from sample.world import World

# Kind, document, certificate, prefix of its number, content.
_MATTERS = (
    ("普通", "准予行政许可决定书", "食品经营许可证", "JY1", "准予从事预包装食品、散装食品销售"),
    ("普通", "准予行政许可决定书", "道路运输经营许可证", "DY", "准予从事道路普通货物运输"),
    ("核准", "准予行政许可决定书", "建筑业企业资质证书", "D3", "核准建筑装修装饰工程专业承包二级资质"),
    ("核准", "安全生产许可决定书", "安全生产许可证", "AQ", "准予从事建筑施工活动"),
    ("登记", "准予变更登记通知书", "", "", "准予经营范围变更登记"),
    ("认可", "计量授权决定书", "计量授权证书", "JL", "认可其承担强制检定任务"),
    ("特许", "特许经营决定书", "燃气经营许可证", "RQ", "准予在划定区域从事管道燃气经营"),
    ("其他", "备案通知书", "", "", "准予城市建筑垃圾处置，\n有效期内按核准路线运输"),
)
# The items of config/items.yml that these are under.
_ITEMS = {
    "食品经营许可证": "XK-SJ-001", "道路运输经营许可证": "XK-JT-001", "建筑业企业资质证书": "XK-JS-001",
    "安全生产许可证": "XK-JS-002", "计量授权证书": "XK-SJ-002", "燃气经营许可证": "XK-JS-003",
}  # fmt: skip
_FEEDS = {"province_permits": "province", "city_permits": "city"}


def rows(world: World, organs: Organs, feed: str, part: Slice) -> Iterator[Row]:
    """The permits of one delivery."""
    level = _FEEDS[feed]
    unit = organs.units[level]
    deciders = organs.deciders[level]
    for number in range(part.start, part.end):
        draw = Draw(f"{world.seed}|{feed}|{number}")
        day, organ = acts.decided(draw, part), draw.pick(deciders)
        act = f"{feed}-{number}"
        subject = subjects.written(world, draw, day, act, persons=8)
        cells = acts.subject_cells(subject) | acts.organ_cells(organ, unit.zh, unit.code, draw.below(1000))
        cells |= _permit(draw, number, day, organ.word, organ.code)
        yield _spoilt(draw, cells, subject.mark, acts.to_come(world.last_day))


def _permit(draw: Draw, number: int, day: date, word: str, organ_code: str) -> Cells:
    kind, document, certificate, prefix, content = draw.pick(_MATTERS)
    return {
        "document_name": document,
        "document_no": f"{word}许准字〔{day.year}〕{number + 1}号",
        "permit_kind": kind,
        "certificate_name": certificate,
        "certificate_no": f"{prefix}{organ_code[2:6]}{number:08d}" if certificate else "",
        "permit_content": content,
        "item_code": _ITEMS.get(certificate, ""),
        "item_name": "城市建筑垃圾处置核准" if document == "备案通知书" else "",
        "decision_date": acts.slashed(day),
        "valid_from_date": acts.slashed(day),
        "valid_until_date": "2099/12/31" if draw.chance(200) else acts.slashed(day + timedelta(days=365 * (1 + draw.below(5)))),
        "permit_status": "2" if draw.chance(30) else "1",
    }


def _spoilt(draw: Draw, cells: Cells, mark: Mark, to_come: str) -> Row:
    chosen = draw.below(1000)
    if chosen >= 12 or mark.becomes != "fact" or mark.dirt:
        return cells, [mark]
    reject = mark._replace(becomes="reject", tier="")
    if chosen < 3:
        word = reject._replace(field="decision_date", reason="not_a_date", dirt="word_for_date")
        return cells | {"decision_date": draw.pick(dirt.NOT_A_DATE)}, [word]
    if chosen < 5:
        return cells | {"permit_content": ""}, [reject._replace(field="permit_content", reason="missing", dirt="no_content")]
    if chosen < 7:
        return cells | {"document_no": "无"}, [reject._replace(field="document_no", reason="missing", dirt="no_document")]
    if chosen < 9:
        late = reject._replace(field="decision_date", reason="after_receipt", dirt="future_date")
        return cells | {"decision_date": to_come}, [late]
    odd = mark._replace(field="permit_status", reason="unknown_code", dirt="unknown_status")
    return cells | {"permit_status": "正常"}, [odd]
