"""Award notices in the two shapes of trading platforms: winners by name alone, several in a cell, amounts among scores."""

from collections.abc import Iterator
from datetime import date, timedelta

from sample import acts
from sample.acts import Slice
from sample.draw import Draw
from sample.material import PLACES
from sample.registries import Cells, Row
from sample.truth import Mark
from sample.world import Enterprise, World

_BUYERS = ("示例大学", "示例市第一医院", "示例省交通学院", "示例城市建设投资集团", "示例市轨道交通集团", "示例水务集团")
_OBJECTS = (
    "综合楼装修改造项目", "雨污分流改造工程施工", "信息化平台建设项目", "监理服务项目", "办公家具采购项目", "道路大中修工程",
    "物业管理服务项目",
)  # fmt: skip
_NOT_AWARDS = ("招标公告", "更正公告", "采购公告")
_OUTSIDE = 10**6  # enterprises of elsewhere, in no registry of the district


def hubei_rows(world: World, part: Slice) -> Iterator[Row]:
    for number in range(part.start, part.end):
        draw = Draw(f"{world.seed}|hubei|{number}")
        day = acts.decided(draw, part)
        winners = list(dict.fromkeys(_winner(world, draw) for _ in range(_how_many(draw))))
        act = f"hubei-{number}"
        cells = _hubei(draw, number, day, [winner.name_on(day) for winner in winners])
        yield cells, [_mark(world, winner, act) for winner in winners]


def _hubei(draw: Draw, number: int, day: date, names: list[str]) -> Cells:
    project = f"{draw.pick(_BUYERS)}{number}号{draw.pick(_OBJECTS)}"
    start = day - timedelta(days=2)
    return {
        "Notice_ID": str(number + 1),
        "notice_kind": " 中标结果公告",
        "tender_no": f" 招标编号： SLSJ-{day:%Y%m}FJ-{number:09d}",
        "project_name": f" {project}（招标项目名称）{project}（标段名称）于{start:%Y年%m月%d日}"
        "在示例省电子招标投标交易平台（媒介名称）上发布了评标结果公示，"
        f"公示期为{start:%Y年%m月%d日}至{day:%Y年%m月%d日}。招标人已经依法确定中标人并对本次招标的中标结果予以公告：",
        "subject_name": " " + "、".join(names),
        "award_amount_yuan": _amount(draw),
        "tenderee_name": f" {draw.pick(_BUYERS)}",
        "Tendering_Address": " 示例市示例路1号",
        "agency_name": " /" if draw.chance(25) else " 示例省招标股份有限公司",
        "Agency_Address": " /",
    }


def _amount(draw: Draw) -> str:
    chosen = draw.below(1000)
    if chosen < 22:
        return "0"
    if chosen < 60:
        return f"{draw.below(100)}.{draw.below(100):02d}"  # a score or a rate
    return "/" if chosen < 85 else f"{100_000 + draw.below(90_000_000)}{draw.pick(('', '', '.5', '.02'))}"


def _how_many(draw: Draw) -> int:
    return 2 + draw.below(4) if draw.chance(147) else 1


def _winner(world: World, draw: Draw) -> Enterprise:
    """A company: of the district in two cases of three."""
    number = 1 + draw.below(world.size)
    enterprise = world.enterprise(number + (_OUTSIDE if draw.chance(330) else 0))
    while enterprise.kind in ("household", "institution", "association"):
        enterprise = world.enterprise(enterprise.number - enterprise.number % 100 + draw.below(60))
    return enterprise


def _mark(world: World, winner: Enterprise, act: str) -> Mark:
    linked = world.is_registered(winner.number) and winner.unique_name
    why = "" if linked else "not_in_registry" if winner.unique_name else "homonym"
    return Mark(str(winner.number), act, tier="3" if linked else "", dirt=why)


def fujian_rows(world: World, part: Slice) -> Iterator[Row]:
    for number in range(part.start, part.end):
        draw = Draw(f"{world.seed}|fujian|{number}")
        day, winner = acts.decided(draw, part), _winner(world, draw)
        mark = _mark(world, winner, f"fujian-{number}")
        cells = _fujian(draw, number, day, winner.name_on(day))
        if draw.chance(80):
            kind = draw.pick(_NOT_AWARDS)
            reject = mark._replace(becomes="reject", field="notice_kind", reason="not_an_award", tier="", dirt="not_an_award")
            yield cells | {"notice_kind": kind}, [reject]
        elif draw.chance(200):  # the winner is named in the text alone
            reject = mark._replace(becomes="reject", field="subject_name", reason="missing", tier="", dirt="winner_in_text")
            yield cells | {"subject_name": "0"}, [reject]
        else:
            yield cells, [mark]


def _fujian(draw: Draw, number: int, day: date, name: str) -> Cells:
    place = draw.pick(PLACES)
    buyer = draw.pick(_BUYERS)
    project = f"{buyer}{number}号{draw.pick(_OBJECTS)}"
    tender_no = f"[350001]SLZY[GK]{day.year}{number:06d}"
    amount = f"{50_000 + draw.below(9_000_000)}"
    return {
        "titile": f"{project}结果公告（采购包1）",
        "link": f"https://example.com/zfcg/{number}.jhtml",
        "notice_kind": "结果公告",
        "content": f"一、项目编号：{tender_no} 二、项目名称：{project} "
        f"三、采购结果 供应商名称 {name} 中标（成交）金额 {amount}元",
        "source": "政府采购",
        "award_region.0": place.province,
        "award_region.1": "0" if draw.chance(90) else place.city,
        "award_region.2": "0" if draw.chance(380) else place.district,
        "notice_date": acts.slashed(day),
        "tender_no": tender_no,
        "project_name": f"{project} ",
        "tenderee_name": buyer,
        "subject_name": f"{name} " if draw.chance(700) else name,
        "award_amount_yuan": "0" if draw.chance(240) else amount,
    }


