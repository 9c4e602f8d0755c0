"""The syllables, places and trades that the synthetic names are made of; nothing here names a real enterprise."""

from pathlib import Path
from typing import NamedTuple

import yaml

_WORDS = yaml.safe_load((Path(__file__).parent / "words.yml").read_text(encoding="utf-8"))


class Place(NamedTuple):
    code: str
    province: str
    city: str
    district: str


PLACES = tuple(Place(*place) for place in _WORDS["places"])
HEFEI, ANHUI, ALL = tuple(range(8)), tuple(range(10)), tuple(range(12))
# What a name begins with, and the places (by index) its bearers stand in.
PREFIXES: tuple[tuple[str, tuple[int, ...]], ...] = (
    *((place.city + place.district, (number,)) for number, place in enumerate(PLACES)),
    ("合肥", HEFEI), ("合肥市", HEFEI), ("安徽", ANHUI), ("安徽省", ANHUI),
    ("芜湖", (8,)), ("蚌埠", (9,)), ("浙江", (10,)), ("江苏", (11,)),
)  # fmt: skip
PROVINCE_PREFIX = 14  # 安徽: the prefix that homonyms share, their places being different

FIRST = (
    "云瑞禾青霖泽岚屿澄晟昱钧铭峻嘉芮芷蔚沐涵溪汀渚岭麓峰崧柏枫"
    "桐榆梓栎荟茂苒蓝碧翠墨砚筑垚坤域恺忻悦怡恬佑祺禧祥颂韵律音弦"
)
SECOND = (
    "川河洲湾潭渡桥津港桦林森木果实穗稻谷豆粟田园圃野原陌陇坡丘"
    "岗石玉珏琮璟珂琪瑜瑾璇玑星辰宇宙昊穹霄虹霓云霞曦晖晴朗明亮"
)
THIRD = "恒恩恪"  # siblings differ in this character alone
FORMERLY = "昔"  # stands in former names only
SHARED = "双"  # stands in names that two enterprises bear
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞平刚桂英华玲辉建国志文斌鹏飞宁博雅慧俊峰佳颖"

TRADES, FARMING, SHOPS, INSTITUTIONS, ROADS, INDUSTRIES, COMPANY_TYPES = (
    tuple(_WORDS[kind]) for kind in ("trades", "farming", "shops", "institutions", "roads", "industries", "company_types")
)
