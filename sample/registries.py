"""Rows of the five registry shapes, each with its own dates, units, nulls and habits."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from sample import dirt
from sample.draw import Draw
from sample.truth import Mark
from sample.world import Enterprise, World

Cells = dict[str, str]
Row = tuple[Cells, list[Mark]]

FEEDS = {
    "province": "market_province_registry", "farming": "market_farming_registry", "mixed": "market_mixed_registry",
    "builders": "market_builders_registry", "small": "market_small_registry",
}  # fmt: skip
_ACTIVE = {
    "farming": ("存续", "存续", "存续", "开业", "正常", "在业"), "mixed": ("存续", "存续", "开业"), "builders": ("开业",),
    "small": ("存续",),
}  # fmt: skip
_LAW = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"


def rows(world: World, registry: str, day: date, since: date | None) -> Iterator[Row]:
    """The registry as of the day: whole, or what changed after `since`."""
    for number in range(1, world.size + 1):
        enterprise = world.enterprise(number)
        if registry not in enterprise.registries or (since and not enterprise.changed_in(since, day)):
            continue
        draw = Draw(f"{world.seed}|{registry}|{day}|{number}")
        if registry == "builders" and draw.chance(60):
            yield _failed_look_up(world, draw, enterprise)
        row = _row(registry, enterprise, day, draw)
        yield row
        if draw.chance(2) and row[1][0].becomes == "fact":
            yield row[0], [row[1][0]._replace(becomes="duplicate", dirt="duplicate")]


def _row(registry: str, enterprise: Enterprise, day: date, draw: Draw) -> Row:
    cells = _common(enterprise, day, draw) | _SHAPES[registry](enterprise, day, draw)
    if enterprise.kind == "household":
        return cells, [Mark(str(enterprise.number), becomes="household")]
    return _spoilt(registry, enterprise, cells, draw)


def _bears_a_loss(registry: str, enterprise: Enterprise) -> bool:
    """Another registry says what this one may lose: name, code, and the number that joins the two in the index."""
    numbered = [name for name in enterprise.registries if name != "province"]
    if registry == "province":
        return bool(numbered) and not enterprise.renamed_on
    return len(numbered) > 1 and registry == numbered[-1] and not enterprise.renamed_on


def _common(enterprise: Enterprise, day: date, draw: Draw) -> Cells:
    moved = enterprise.moved_on is None or enterprise.moved_on <= day
    place = enterprise.place if moved else enterprise.old_place
    line_feed = "\n" if draw.chance(20) else ""
    return {
        "subject_name": enterprise.name_on(day),
        "credit_code": enterprise.code,
        "tax_number": enterprise.code,
        "organisation_code": dirt.hyphened(enterprise.organisation_code),
        "registration_number": enterprise.registration_number,
        "registered_region.0": place.province,
        "registered_region.1": place.city,
        "registered_region.2": place.district,
        "enterprise_type": enterprise.enterprise_type,
        "industry": enterprise.industry,
        "registered_address": enterprise.address if moved else enterprise.old_address,
        "business_scope": f"一般项目：{enterprise.trade}服务；{enterprise.trade}技术咨询；{line_feed}日用百货销售{_LAW}",
        "representative": enterprise.representative,
        "insured": str(enterprise.staff),
    }


def _status(registry: str, enterprise: Enterprise, day: date, draw: Draw) -> str:
    ended = enterprise.ended_on is not None and enterprise.ended_on <= day
    return enterprise.status if ended else draw.pick(_ACTIVE[registry])


def _approved(enterprise: Enterprise, day: date) -> date:
    """The newest change that the registry knew on the day."""
    known = [change for change in (enterprise.renamed_on, enterprise.moved_on, enterprise.ended_on) if change and change <= day]
    return max(known, default=min(enterprise.approved, enterprise.founded + timedelta(days=30)))


def _day_first(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _with_former_name(enterprise: Enterprise, day: date) -> str:
    renamed = enterprise.renamed_on and enterprise.renamed_on <= day
    return f"{enterprise.name}（曾用名：{enterprise.former_name}）" if renamed else enterprise.name_on(day)


def _farming(enterprise: Enterprise, day: date, draw: Draw) -> Cells:
    household = enterprise.kind == "household"
    capital = str(enterprise.capital // (10_000 if draw.chance(30) else 100)) if household else str(enterprise.capital)
    return {
        "id": str(enterprise.number), "source": "合成样例数据",
        "company_size": "", "taxpayer_qualification": "", "website_link": "",
        "registration_status": _status("farming", enterprise, day, draw),
        "registered_capital": "" if draw.chance(350 if household else 30) else capital,
        "founding_date": _day_first(enterprise.founded),
        "approval_date": _day_first(_approved(enterprise, day)),
        "term_start": "" if draw.chance(70) else f"{enterprise.founded}至{enterprise.term_end or '无固定期限'}",
        "legal_representative": enterprise.representative,
    }  # fmt: skip


def _mixed(enterprise: Enterprise, day: date, draw: Draw) -> Cells:
    return {
        "id": f"5a3e0000-da44-11f0-87c4-{enterprise.number:012d}",
        "subject_name": _with_former_name(enterprise, day),
        "registration_status": _status("mixed", enterprise, day, draw),
        "registered_capital": str(enterprise.capital),
        "founding_date": _day_first(enterprise.founded),
        "registered_address": enterprise.address.replace("-", ""),  # this system loses every hyphen
        "corporation": enterprise.representative,
    }


def _builders(enterprise: Enterprise, day: date, draw: Draw) -> Cells:
    renamed = enterprise.renamed_on and enterprise.renamed_on <= day
    return {
        "former_name": enterprise.former_name if renamed else "-",
        "registration_status": _status("builders", enterprise, day, draw),
        "registered_capital": str(enterprise.capital),
        "paid_in_capital": str(enterprise.paid_in),
        "founding_date": f"{_day_first(enterprise.founded)} 00:00:00",
        "approval_date": f"{_day_first(_approved(enterprise, day))} 00:00:00",
        "term_start": f"{enterprise.founded} 至 {enterprise.term_end}" if enterprise.term_end else "-",
        "reported_address": enterprise.old_address,
        "credit_code": enterprise.code or "-", "tax_number": enterprise.code or "-",
        "legal_representative": enterprise.representative, "insured_personnel_count": str(enterprise.staff),
        "website": "www.example.com", "match_status": "成功",
    }  # fmt: skip


def _small(enterprise: Enterprise, day: date, draw: Draw) -> Cells:
    return {
        "subject_name": _with_former_name(enterprise, day),
        "registration_status": _status("small", enterprise, day, draw),
        "registered_capital": f"{_in_wan(enterprise.capital)}万人民币",
        "founding_date": enterprise.founded.isoformat(),
        "term_start": f"{enterprise.founded} 至 {enterprise.term_end or '无固定期限'}",
        "credit_code": enterprise.code or "-", "tax_number": enterprise.code or "-",
        "corporation": enterprise.representative, "insured_persons": str(enterprise.staff), "url": "-",
    }  # fmt: skip


def _province(enterprise: Enterprise, day: date, draw: Draw) -> Cells:
    capital = enterprise.kind not in ("branch", "association")
    unit = "万(美元)" if _in_dollars(enterprise) else "万(元)"
    return {
        "id": str(enterprise.number),
        "registered_capital": f"{_in_wan(enterprise.capital, ',')}{unit}" if capital else "-",
        "founding_date": enterprise.founded.isoformat(),
        "approval_date": _approved(enterprise, day).isoformat(),
        "term_start": f"{enterprise.founded} 至 {enterprise.term_end}" if enterprise.term_end else "-",
        # Who has no credit code yet has the old registration number in its column.
        "credit_code": enterprise.code or enterprise.registration_number,
        "法定代表人": enterprise.representative, "参保人数": f"{enterprise.staff}人",
    }  # fmt: skip


def _in_dollars(enterprise: Enterprise) -> bool:
    return enterprise.number % 400 == 25


_SHAPES: dict[str, Callable[[Enterprise, date, Draw], Cells]] = {
    "province": _province, "farming": _farming, "mixed": _mixed, "builders": _builders, "small": _small,
}  # fmt: skip


def _in_wan(yuan: int, thousands: str = "") -> str:
    return f"{yuan / 10_000:{thousands}.2f}".rstrip("0").rstrip(".")


def _failed_look_up(world: World, draw: Draw, enterprise: Enterprise) -> Row:
    """A look-up of several names at once, which found none of them."""
    others = (world.enterprise(1 + draw.below(world.size)).name for _ in range(1 + draw.below(2)))
    cells = dict.fromkeys(_builders(enterprise, world.first_day, draw) | _common(enterprise, world.first_day, draw), "-")
    cells |= dict.fromkeys(("registered_capital", "paid_in_capital"), "0")
    cells |= dict.fromkeys(("founding_date", "approval_date"), "1/1/1970 00:00:00")
    cells |= {"subject_name": ";".join((enterprise.name, *others)), "match_status": "失败"}
    return cells, [Mark(becomes="reject", field="subject_name", reason="lookup_failed", dirt="lookup_failed")]


def _spoilt(registry: str, enterprise: Enterprise, cells: Cells, draw: Draw) -> Row:
    mark = Mark(str(enterprise.number), tier="1" if enterprise.code else "2")
    chosen, lossy = draw.below(1000), _bears_a_loss(registry, enterprise)
    numbered = lossy and registry != "province"
    if chosen < 4 and numbered:
        mark = mark._replace(becomes="reject", field="subject_name", reason="missing", tier="", dirt="nameless")
        return cells | {"subject_name": ""}, [mark]
    if chosen < 24 and numbered and enterprise.code:
        empty = "-" if registry in ("builders", "small") else ""
        return cells | {"credit_code": empty, "tax_number": empty}, [mark._replace(tier="2", dirt="code_missing")]
    if chosen < 34 and lossy and enterprise.code:
        return _wrong_code(cells, mark, draw, required=registry == "province")
    if chosen < 38:
        word = mark._replace(field="founding_date", reason="not_a_date", dirt="word_for_date")
        return cells | {"founding_date": "见档案"}, [word]
    if chosen < 42:
        word = mark._replace(field="registered_capital", reason="not_a_number", dirt="word_for_amount")
        return cells | {"registered_capital": "详见章程"}, [word]
    if chosen < 60 and enterprise.code:
        return cells | {"credit_code": dirt.untidy_code(draw, enterprise.code)}, [mark._replace(dirt="untidy_code")]
    if registry == "province" and _in_dollars(enterprise):
        return cells, [mark._replace(field="registered_capital", reason="foreign_currency", dirt="dollars")]
    return cells, [mark]


def _wrong_code(cells: Cells, mark: Mark, draw: Draw, required: bool) -> Row:
    """A code with one wrong digit: a flaw where another number stands beside it, else the row is a reject."""
    wrong = dirt.one_digit_wrong(draw, cells["credit_code"])
    said = mark._replace(field="credit_code", reason="total_check", dirt="wrong_digit", tier="" if required else "2")
    return cells | {"credit_code": wrong, "tax_number": wrong}, [said._replace(becomes="reject") if required else said]
