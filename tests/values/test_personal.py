"""The glance by which most texts are passed over loses nothing that a rule would have found (design law 7)."""
from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.values import personal

EVERY = [*personal._NUMBERS, *personal._AFTER_WORDS, *personal._HOMES, *(
    (pattern, personal._always) for pattern in (personal._LANDLINE, personal._PLATE, personal._MAIL))]
WORDS = [
    "身份证", "公民身份号码", "证件", "电话", "手机", "联系方式", "传真", "tel", "Phone", "MOBILE", "微信", "qq",
    "ＱＱ", "WeChat群", "联系人:", "姓名：", "负责人:", "张三丰", "欧阳修文", "号码为", "皖A", "沪ａ·", "D12345",
    "家庭住址", "户籍所在地：", "现住", "张三，男，", "女,汉族,", "住", "合肥市瑶海区临泉路12号",
    "a.b@x.cn", "ab＠ex.com", "某公司",
]  # fmt: skip
NUMBERS = [
    "34010219900307007X", "13912345678", "6222021234567890128", "0551-65123456", "(0551)65123456", "2026",
    "65123456转801", "12.5", "91340100", "（０５５１）６５１２３４５６", "１３９１２３４５６７８", "139—1234—5678",
    "340102 19900307 007x", "+86 139-1234-5678",
]  # fmt: skip
SIGNS = ["，", "；", " ", "　", "-", "－", ":", "：", "(", "）", "、", "。", "元", "万"]
PIECES = st.sampled_from(WORDS + NUMBERS + SIGNS) | st.text("0123456789０５Xx -()", max_size=6)


@settings(max_examples=2000, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=7).map("".join))
def test_the_rules_that_a_glance_leaves_out_would_find_nothing(text: str) -> None:
    shadow = personal._shadow(text)
    assert set(personal._spans(shadow, personal._rules(text))) == set(personal._spans(shadow, EVERY))
