"""Personal data inside text: where it stands, and the text without it.

Seen: identity numbers, mobile and fixed telephones, bank cards, mail addresses, number plates, chat accounts, and names of
people and their home addresses behind a word that announces one. Bare names and addresses are not seen: no pattern tells them
from others, and an address behind 住所 or 地址 alone is an enterprise's.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from jobs.values.checks import identity_check, is_credit_code, passes_luhn

MASK = "***"
# The common surnames, without those that begin many a firm (国, 云, 和), and the common compound ones.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔"
    "伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华"
    "喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋"
    "商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘位厉伊仝区郜海阚"
    "花权强帅屠豆朴盖练廉禹井祖漆巴丰狄索宣晋相敬扈晁芮阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓邰赫杭况那宿鲜逯隆茹诺"
)
_COMPOUND = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 宇文 长孙 轩辕 南宫 独孤 闻人 万俟 呼延 赫连"
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())

# One character for one, so that a place in the shadow is the same place in the text.
_SHADOW = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20, 0x2014: 0x2D, 0x2013: 0x2D, 0x2010: 0x2D}
_SHADOW |= {small: small - 0x20 for small in range(ord("a"), ord("z") + 1)}
_SHADOW |= {small + 0xFEE0: small - 0x20 for small in range(ord("a"), ord("z") + 1)}
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_WORDS = "身份证|公民身份|证件|电话|手机|联系方式|传真|TEL|PHONE|MOBILE|微信|QQ|WECHAT|[人者员名]:"


def _as_written(words: str) -> str:
    """The pattern with each Latin letter and colon in every case and width that people write it in."""
    wide = [(one, chr(ord(one) + 0xFEE0)) for one in map(chr, range(0x21, 0x7F))]
    ways = {one: f"[{one}{one.lower()}{full}{full.lower()}]" for one, full in wide if one.isupper() or one == ":"}
    return "".join(ways.get(one, one) for one in words)


# What rules need to find anything, seen at a glance. A search for one character first is quicker than one for any of many words.
_TEN_DIGITS = re.compile(r"[0-9０-９](?:[ 　()（）－—–‐-]{0,2}[0-9０-９]){9}")
_PLATE_BEGINS = re.compile(rf"[{_PROVINCES}][A-Za-zＡ-Ｚａ-ｚ]")
_WORD_BEGINS = re.compile("[身公证电手联传微QTPMWqtpmwＱＴＰＭＷｑｔｐｍｗ:：]")
_WORD = re.compile(_as_written(_WORDS))
_AT = re.compile("[@＠]")
_LONG = re.compile(r"[0-9０-９](?:[ 　—－-]?[0-9０-９]){10}")

_DATE = r"[ -]?(?:19|20)[0-9]{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12][0-9]|3[01])[ -]?"
_IDENTITY = re.compile(rf"(?<![0-9])([1-9][0-9]{{5}}{_DATE}[0-9]{{3}}[0-9X])(?![0-9])")
_OLD_IDENTITY = re.compile(r"[1-8][0-9]{5}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}")
# Eleven bare digits before 元 or a decimal point are an amount; grouped, or behind +86, they are a telephone all the same.
_MOBILE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)((?:\+|00)?86[ -]?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}|1[3-9][0-9][ -][0-9]{4}[ -]?[0-9]{4}"
    r"|1[3-9][0-9]{9}(?!\.[0-9]|[元万亿]))(?![0-9])"
)
_CARD = re.compile(r"(?<![0-9A-Z])((?:[3-6][0-9]{3}|9558)(?:[ -]?[0-9]{4}){3}(?:[ -]?[0-9]{1,3})?)(?![0-9A-Z])")
_LANDLINE = re.compile(r"(?<![0-9])((?:\(0[0-9]{2,3}\)[ -]?|0[0-9]{2,3}[ -])[2-9][0-9]{6,7}(?:[转-][0-9]{1,6})?)(?![0-9])")
_MAIL = re.compile(r"([A-Z0-9._%+-]{1,64}@[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{1,63}){1,4})")
_PLATE = re.compile(
    rf"([{_PROVINCES}][A-HJ-NP-Z][·• ]?"
    r"(?=[A-HJ-NP-Z]{0,5}[0-9])[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Z0-9])"
)
_SAYS = r"号?码?(?:为|是)?[:( ]{0,3}"
_AFTER_IDENTITY_WORD = re.compile(rf"(?:身份证|公民身份|证件)(?:件?编号|件)?{_SAYS}([1-9][0-9 ]{{13,19}}[0-9X])")
_AFTER_PHONE_WORD = re.compile(rf"(?:电话|手机|联系方式|传真|TEL|PHONE|MOBILE){_SAYS}(\+?[0-9][0-9 ()-]{{4,18}}[0-9])")
_AFTER_CHAT_WORD = re.compile(rf"(?:微信|(?<![A-Z0-9])QQ|WECHAT)群?{_SAYS}([A-Z0-9_-]{{5,20}})")
_AFTER_PERSON_WORD = re.compile(
    r"(?:联系人|法定代表人|法人代表|负责人|经办人|经营者|投资人|驾驶员|姓名): ?([一-鿿]{2,4})(?=[^一-鿿]|身份证|电话|手机|$)"
)

_PLACE = r"(?:为|是|在|于)?[:( ]{0,3}(?=[^,。;\n]{0,40}[省市区县旗镇乡村路街巷弄号栋幢室组])([^,。;\n]{4,80})"
_AFTER_HOME_WORD = re.compile(
    rf"(?:家庭(?:住址|地址)|户籍(?:所在地|地址|地)|户口所在地|现?住址|现住|居住地址?|常住地址?|暂住地址?){_PLACE}"
)
# As decisions introduce a person: 张三，男，汉族，1980年1月1日出生，住合肥市瑶海区…
_AFTER_SEX = re.compile(rf"[男女],(?:[^。;\n]{{0,40}}?,)?住(?:所地?|址)?{_PLACE}")


def _shadow(text: str) -> str:
    return text.upper() if text.isascii() else text.translate(_SHADOW)


def _digits(match: re.Match[str]) -> str:
    return match[1].replace(" ", "").replace("-", "")


def _is_identity(match: re.Match[str]) -> bool:
    number = _digits(match)
    return (number[17] == "X" or identity_check(number[:17]) == number[17]) and not is_credit_code(number)


def _is_card(match: re.Match[str]) -> bool:
    return passes_luhn(_digits(match)) and not is_credit_code(_digits(match))


def _is_name(match: re.Match[str]) -> bool:
    return match[1][0] in SURNAMES or match[1][:2] in COMPOUND_SURNAMES


def _always(_: re.Match[str]) -> bool:
    return True


Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], bool]]
_NUMBERS: tuple[Rule, ...] = ((_IDENTITY, _is_identity), (_MOBILE, _always), (_CARD, _is_card))
_AFTER_WORDS: tuple[Rule, ...] = (
    (_AFTER_IDENTITY_WORD, _always), (_AFTER_PHONE_WORD, _always), (_AFTER_CHAT_WORD, _always), (_AFTER_PERSON_WORD, _is_name),
)  # fmt: skip
_HOMES: tuple[Rule, ...] = ((_AFTER_HOME_WORD, _always), (_AFTER_SEX, _always))


def _rules(text: str) -> list[Rule]:
    """The rules that may find something in it; none for most texts, also for most with digits."""
    rules = [*_NUMBERS, (_LANDLINE, _always)] if _TEN_DIGITS.search(text) else []
    if _WORD_BEGINS.search(text) and _WORD.search(text):
        rules += _AFTER_WORDS
    if "住" in text or "户" in text:
        rules += _HOMES
    if _PLATE_BEGINS.search(text):
        rules.append((_PLATE, _always))
    return [*rules, (_MAIL, _always)] if _AT.search(text) else rules


def mask(text: str) -> str:
    """The text with each piece of personal data as `***`; equal to the text where there is none."""
    rules = _rules(text)
    if not rules:
        return text
    pieces, end = [], 0
    for start, stop in sorted(_spans(_shadow(text), rules)):
        if start >= end:
            pieces += [text[end:start], MASK]
        end = max(end, stop)
    return "".join(pieces) + text[end:]


def has_number(text: str) -> bool:
    """The text holds an identity number, a mobile number or a bank card number."""
    return bool(_LONG.search(text)) and next(_spans(_shadow(text), _NUMBERS), None) is not None


def starts_with_identity(number: str) -> bool:
    """The number begins with an identity number of 18 characters, or with one of the old 15 digits (no check of its own)."""
    return _IDENTITY.match(number[:18]) is not None or _OLD_IDENTITY.match(number) is not None


def _spans(text: str, rules: Sequence[Rule]) -> Iterator[tuple[int, int]]:
    for pattern, holds in rules:
        yield from (match.span(1) for match in pattern.finditer(text) if holds(match))
