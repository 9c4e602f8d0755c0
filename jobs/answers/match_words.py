"""The words of the page of a night's matching in Chinese and English."""
from __future__ import annotations

from collections.abc import Mapping

from jobs.declarations.asking import Sentence

WORDS = {
    "title": ("主体匹配质量", "How well the night matched"),
    "release": ("发布", "Release"),
    "as_of": ("业务日期", "as of"),
    "known_at": ("已知截至", "known at"),
    "model": ("模型版本", "Model"),
    "all": ("合计", "all"),
    "feed": ("数据源", "Feed"),
    "facts": ("事实数", "facts"),
    "tiers": ("各数据源的匹配层级", "Links by tier and feed"),
    "by_number": ("号码或人工决定", "a number or a decision"),
    "by_name": ("唯一名称", "a unique name"),
    "by_score": ("修复的代码或评分", "a repaired code or a score"),
    "nobody": ("未匹配", "nobody"),
    "waiting": ("待人工复核", "waiting for a person"),
    "precision": ("准确率", "precision"),
    "recall": ("召回率", "recall"),
    "recall_with_review": ("召回率（含复核中的首个候选）", "recall, the first candidate in review counted"),
    "drift": ("与上一业务日期的发布相比", "Against the release of the last date before"),
    "no_drift": ("没有更早业务日期的发布可比。", "There is no release of an earlier date to compare with."),
    "tier": ("层级", "Tier"),
    "now": ("本次", "now"),
    "before": ("上次", "before"),
    "change": ("变化（百分点）", "change (points)"),
    "unmatched": ("未匹配的原因", "Why facts are linked to nobody"),
    "adverse": ("其中不利信息", "adverse"),
    "other": ("其他", "other"),
    "none": ("无。", "None."),
    "queue": ("复核队列（自首次收到之日起）", "Review queue, by days since the fact was first received"),
    "days": ("天数起", "days, from"),
    "place_1": ("1 不利、待定", "1 adverse, pending"),
    "place_2": ("2 不利、未匹配", "2 adverse, nobody"),
    "place_3": ("3 有候选", "3 with candidates"),
    "place_4": ("4 其他", "4 other"),
    "scores": ("得分分布（最佳候选的概率）", "Scores: the chance of the best candidate"),
    "linked": ("已采信", "linked"),
    "pending": ("待定", "pending"),
    "not_linked": ("未采信", "not linked"),
    "labels": ("已知主体的样本", "Records whose enterprise is known"),
    "labels_note": (
        "“隐去代码”：代码为名录所知且名称相符的记录，隐去全部号码后再匹配一次；名称与代码矛盾者不计。其名称多与名录一致，故对差错较多的来文偏乐观。"
        "方括号内为 95% 区间（Wilson）。",
        "'Code hidden': records whose code the registry knows and whose name agrees with it, asked again without any number. "
        "Their names are mostly those of the registry, so dirtier records do worse than this. In brackets the interval at 95 % "
        "(Wilson)."),
    "coded": ("隐去代码", "code hidden"),
    "decided": ("人工决定", "decided by people"),
    "sample": ("样本", "sample"),
    "figure": ("指标", "figure"),
    "blocks": ("分块产出（仅本次重新比对的主体）", "Blocks: of the subjects compared anew in this run alone"),
    "block": ("分块", "block"),
    "keys": ("键", "keys"),
    "pairs": ("候选对", "pairs"),
    "keys_cut": ("被上限截去的键", "keys over the cap"),
    "pairs_cut": ("被上限截去的候选对", "pairs cut by the cap"),
    "subjects": ("去重主体 / 评分 / 本次新评", "distinct subjects / scored / scored anew"),
    "conflicts": ("矛盾", "Conflicts"),
    "of_facts": ("事实", "facts"),
    "of_index": ("识别库", "index"),
    "number": ("数量", "number"),
    "clusters": ("最大的簇", "Biggest clusters"),
    "most_names": ("名称最多的主体", "enterprises with the most names"),
    "most_scored": ("凭评分关联事实最多的主体（不含待定）", "enterprises with the most facts by score, pending ones apart"),
    "enterprise": ("主体标识号", "enterprise"),
}
# By what a fact is linked, the surest first (decision 0020).
TIERS = {"0": ("人工或机关认定", "decision"), "1": ("统一社会信用代码", "credit code"), "2": ("其他登记号码", "other number"),
         "3": ("唯一名称", "unique name"), "4": ("修复的代码", "repaired code"), "5": ("评分", "score")}
# What contradicts in the index; the engine's own reasons have their words in config/resolve.yml.
NUMBERS = {"credit_code": ("统一社会信用代码", "credit code"), "organisation_code": ("组织机构代码", "organisation code"),
           "registration_number": ("注册号", "registration number"), "tax_number": ("纳税人识别号", "tax number")}
CONFLICTS = {
    "name_of_several_codes": ("同一名称现由多个主体使用", "several enterprises bear one name now"),
    "code_of_several_names": ("同一代码同日登记的名称不一致", "one code under unlike names on one day"),
    "code_reissued": ("代码重新赋予", "a code was reissued"),
    **{f"{kind}_of_several": (f"多个主体的{zh}相同", f"several enterprises have one {en}") for kind, (zh, en) in NUMBERS.items()},
    **{f"{kind}_stated_otherwise": (f"其他数据源所载{zh}与登记不符", f"{en} stated otherwise than registered")
       for kind, (zh, en) in NUMBERS.items()}}


def tier(number: str, lang: str) -> str:
    """A tier in words; one that no code gives any more by its number alone."""
    return TIERS.get(number, (number, number))[lang == "en"]


def of_tier(number: str) -> str:
    """A tier as a summary names it."""
    return f"tier {number} ({tier(number, 'en')})"


def because(code: str, said: Mapping[str, Sentence], lang: str) -> str:
    """A reason of the engine, or a conflict of the index, in words and with its code; an unknown one by its code alone."""
    pair = (said[code].zh, said[code].en) if code in said else CONFLICTS.get(code)
    return f"{pair[lang == 'en'].rstrip('。.')} ({code})" if pair else code


def words(lang: str) -> dict[str, str]:
    """The words in this language."""
    return {name: pair[lang == "en"] for name, pair in WORDS.items()}
