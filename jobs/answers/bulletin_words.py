"""The words of a bulletin in Chinese and English."""
from __future__ import annotations

LANGUAGES = ("zh", "en")
LONG = 10_000
WORDS = {
    "title_days": ("公共信用信息归集共享通报（五日机制）", "Progress bulletin of public credit data"),
    "title_month": ("公共信用信息归集共享月度通报", "Monthly bulletin of public credit data"),
    "period": ("统计期间", "Period"),
    "release": ("依据的发布", "Computed from release"),
    "as_of": ("业务日期", "as of"),
    "known_at": ("已知截至", "known at"),
    "sequence": ("发布序号", "sequence"),
    "content_hash": ("内容哈希", "content hash"),
    "frozen": (
        "本通报由上述一次发布计算并冻结；以后的更正另以更正通报列出，本通报不再改动。",
        "Computed from this one release and frozen; what is corrected later appears as a restatement, this page never changes."),
    "restated": ("更正通报", "Restatement"),
    "restates": ("更正的通报（SHA-256）", "Restates the bulletin (SHA-256)"),
    "because": ("更正原因", "Because"),
    "was": ("原数", "Was"),
    "is": ("现数", "Is"),
    "item": ("项目", "Figure"),
    "restated_count": ("改变的数字", "Figures that changed"),
    "summary": ("概况", "Summary"),
    "arrived": ("报送到达情况", "What arrived"),
    "by_day": ("按日（数据源数）", "by day (number of feeds)"),
    "matrix": ("各数据源逐日情况", "each feed, day by day"),
    "feeds_delivered": ("有报送的数据源", "feeds that delivered"),
    "of": ("共", "of"),
    "feed": ("数据源", "Feed"),
    "organ": ("机关", "Organ"),
    "all": ("合计", "all"),
    "on_time": ("按时", "on time"),
    "late": ("迟到", "late"),
    "missing": ("缺报", "missing"),
    "provisional": ("待定（未录入日历）", "provisional (no calendar)"),
    "gap": ("不应报或未到期", "not owed, or not due yet"),
    "short_on_time": ("按时", "on time"),
    "short_late": ("迟到", "late"),
    "short_missing": ("缺报", "missing"),
    "short_provisional": ("待定", "provisional"),
    "short_personal": ("个人、个体户行", "persons etc."),
    "held": (
        "带“!”者：有文件未入库（暂缓、隔离或拒绝）",
        "with '!': a file of that day was not admitted (held, unreadable or refused)"),
    "letter_on_time": ("✓", "✓"),
    "letter_late": ("迟", "L"),
    "letter_missing": ("缺", "M"),
    "letter_provisional": ("待", "P"),
    "letter_gap": ("·", "·"),
    "rows": ("归集与合规", "Rows and compliance"),
    "rows_by_day": ("按日（行数，按数据日期）", "by day covered (rows)"),
    "received": ("收到行", "rows received"),
    "accepted": ("合规行", "accepted"),
    "rejected": ("拒收行", "rejected"),
    "personal": ("个人、个体户行（只计数）", "rows of persons, households (counts only)"),
    "compliance": ("数据合规率", "compliance"),
    "late_rate": ("迟报率", "late-report rate"),
    "nothing": ("期间无报送的数据源", "Feeds that delivered nothing"),
    "worst": ("需关注的数据源与机关", "Feeds and organs to look at"),
    "band": ("等次", "Band"),
    "reason": ("原因", "Reason"),
    "none_worst": ("没有红色或黄色的项目。", "Nothing is red or amber."),
    "red": ("■ 红", "■ red"),
    "amber": ("▲ 黄", "▲ amber"),
    "green": ("● 绿", "● green"),
    "below": ("低于", "below"),
    "above": ("高于", "above"),
    "drifted": ("与此前各日相差超过", "differs from the days before by more than"),
    "reasons": ("主要拒收原因", "Main reasons of rejection"),
    "lines": ("行数", "lines"),
    "reasons_note": ("含暂缓文件中的行；一行可有多个原因", "rows of held files included; a row may have several reasons"),
    "none_reasons": ("期间没有拒收。", "Nothing was rejected."),
    "slips": ("退回单（截至发布时，数据日期不晚于期末）", "Return slips at the release, of days covered up to the last"),
    "open": ("待回复", "open"),
    "overdue": ("逾期未回复", "overdue"),
    "none_slips": ("没有未办结的退回单。", "No slip is open."),
    "nobody": ("（未登记承继机关）", "(no successor declared)"),
    "coverage": (
        "覆盖：来源 × 类别（有报送的数据源／已声明的数据源）",
        "Coverage: source × category (feeds that delivered / declared)"),
    "no_delivery": ("缺口", "gap"),
    "mix": ("正负面结构与自愿申报", "Adverse and other reports, and voluntary ones"),
    "adverse": ("负面", "adverse"),
    "other": ("其他（正面、中性）", "others (positive or neutral)"),
    "voluntary": ("自愿申报", "voluntary"),
    "voluntary_share": ("自愿申报占比", "voluntary share"),
    "acts": ("报告数", "reports of acts"),
    "none_mix": ("发布中没有期间内各类行为的报告。", "The release has no report of an act of these days."),
    "meaning": ("指标说明", "What the figures mean"),
    "share": ("比率", "Share"),
    "counted": ("分子", "Counted"),
    "denominator": ("分母", "Of"),
    "open_clock": ("（待定）", "(provisional)"),
    "part": ("部分", "Part"),
    "code": ("代码", "Code"),
    "figure": ("指标代码", "Figure code"),
    "day": ("日期", "Day"),
    "name": ("名称", "Name"),
    "meant": ("指标", "Figure"),
    "state": ("状态代码", "State code"),
    "words": ("说明", "In words"),
    "band_code": ("等次代码", "Band code"),
    "arrival": ("到达", "arrival"),
    "rejects": ("拒收行数", "rejected lines"),
    "personal_note": (
        "自然人、个体工商户的行只计数，不计入机关差错。",
        "Rows of persons and households are counted only, and are no error of an organ."),
}


def words(lang: str) -> dict[str, str]:
    """Every word in that language."""
    return {key: told[LANGUAGES.index(lang)] for key, told in WORDS.items()}


def compact(value: int | None, lang: str) -> str:
    """A count in a few letters, as it stands under a bar: rounded, for the table has it whole; a gap is empty."""
    if value is None or value < LONG:
        return "" if value is None else str(value)
    size, unit = (10_000, "万") if lang == "zh" else (1_000_000, "M") if value >= 1_000_000 else (1_000, "k")
    return f"{value / size:.0f}{unit}" if value >= size * 10 else f"{value / size:.1f}{unit}"
