import pytest

from jobs.values import checks, text


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("身份证34010219900307007X的驾驶员", "身份证***的驾驶员"),
        ("当事人（34010219900307007x）", "当事人（***）"),
        ("证件号码：340102199003070017", "证件号码：***"),
        ("身份证号码为340102900307001，", "身份证号码为***，"),
        ("３４０１０２１９９００３０７００７Ｘ", "***"),
        ("340102 19900307 007X", "***"),
        ("联系13912345678或139-1234-5678", "联系***或***"),
        ("手机+86 13912345678。", "手机***。"),
        ("电话0551-65123456转801", "电话***"),
        ("电话：65123456", "电话：***"),
        ("(0551)65123456", "***"),
        ("卡号6222021234567890128", "卡号***"),
        ("卡号 6222 0212 3456 7890 128", "卡号 ***"),
        ("邮箱zhang.san@example.com.cn处", "邮箱***处"),
        ("邮箱ZHANG＠example.com", "邮箱***"),
        ("车辆皖A12345停放", "车辆***停放"),
        ("皖A·D12345、沪Ａ８８８８８", "***、***"),
        ("微信：abc_12345", "微信：***"),
        ("QQ 123456789", "QQ ***"),
        ("法定代表人：张三丰，性别男", "法定代表人：***，性别男"),
        ("联系人:李四 电话:13912345678", "联系人:*** 电话:***"),
        ("负责人：欧阳修文", "负责人：***"),
        ("住址：合肥市瑶海区临泉路7000号，电话见卷", "住址：***，电话见卷"),
        ("家庭住址为安徽省合肥市瑶海区某小区3栋201室。", "家庭住址为***。"),
        ("户籍所在地:长丰县水湖镇陶圩村", "户籍所在地:***"),
        ("张三，男，汉族，1980年1月1日出生，住合肥市瑶海区临泉路7000号，驾驶", "张三，男，汉族，1980年1月1日出生，住***，驾驶"),
        ("李四，女，住所：长丰县双墩镇某村", "李四，女，住所：***"),
    ],
)
def test_personal_data_is_masked_and_the_rest_stays(written, masked):
    assert text.free_text(written) == (masked, "masked_personal")
    assert text.plain(written) == (masked, "masked_personal")
    assert text.mask(masked) == masked


@pytest.mark.parametrize(
    "kept",
    [
        "统一社会信用代码913401001491451797",
        "统一社会信用代码91371700MA3QQP4Q4L",
        "罚款13912345678元",
        "罚款15000000.00元",
        "许可证编号JY13401020012345",
        "皖A2023安许证字号",
        "合市监罚〔2023〕12号",
        "面积1391.2345678平方米",
        "2023年07月29日至2023年07月31日",
        "当事人：合肥甲乙有限公司",
        "负责人：合肥市场监督管理局",
        "京ICP备12345678号",
        "标段3401022023051500123",
        "地址：合肥市瑶海区临泉路7000号",
        "住所：合肥市瑶海区临泉路7000号",
        "提供住宿、餐饮服务；住房租赁",
        "将住宅改作商用，居住区物业管理",
        "向户籍地公安机关核实",
    ],
)
def test_what_is_not_personal_stays(kept):
    assert text.free_text(kept) == (kept, None)


def is_both(body: str) -> str | None:
    """The 16 characters as a number that is an identity number and a credit code at once, where there is one."""
    code = body + checks.organisation_check(body[8:])
    code += checks.credit_check(code)
    return code if code[:17].isdigit() and checks.identity_check(code[:17]) == code[17] else None


def test_what_is_also_a_credit_code_is_no_identity_number():
    both = list(
        filter(None, (is_both(f"1134011990{month:02d}12{serial:02d}") for month in range(1, 13) for serial in range(100)))
    )
    assert len(both) > 10
    assert [text.mask(code) for code in both] == both


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("  第一行\r\n\r\n 第二行\t末 \n", "第一行\n第二行 末"),
        ("甲\u2028乙", "甲\n乙"),
        ("甲\x00乙\x07丙", "甲乙丙"),
        ("\ufeff甲\u200b乙\u3000丙", "甲乙 丙"),
    ],
)
def test_free_text_keeps_its_lines(written, cleaned):
    assert text.free_text(written) == (cleaned, None)


def test_plain_text_is_one_line_in_its_own_characters():
    assert text.plain(" 有限责任公司（自然人独资）\r\n１号 ") == ("有限责任公司（自然人独资） １号", None)
    assert text.plain("甲" * 11, longest=10) == (None, "too_long")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("合肥\ufffd公司", id="replacement"),
        pytest.param("锟斤拷锟斤拷", id="锟斤拷"),
        pytest.param("烫烫烫烫", id="烫烫烫"),
        pytest.param("ºÏ·ÊÊÐ", id="GBK as Latin-1"),
        pytest.param("åˆè‚¥å¸‚", id="UTF-8 as Windows-1252"),
        pytest.param("合肥".encode().decode("latin-1"), id="UTF-8 as Latin-1"),
        pytest.param("合肥市瑶海区".encode().decode("gbk"), id="UTF-8 as GBK"),
        pytest.param("??????公司", id="lost"),
        pytest.param("\ud800甲", id="surrogate"),
    ],
)
def test_mojibake(broken):
    assert text.is_mojibake(broken)
    assert text.plain(broken) == (None, "mojibake")
    assert text.free_text(broken) == (None, "mojibake")


@pytest.mark.parametrize(
    "sound",
    [
        "合肥市瑶海区",
        "淇滨区",
        "Société Générale",
        "Müller GmbH",
        "张××",
        "温度±0.5°C",
        "姓名·买买提",
        "是吗???",
        "龘靐齉",
        "東京",
    ],
)
def test_not_mojibake(sound):
    assert not text.is_mojibake(sound)


def test_no_real_cell_is_taken_for_mojibake(realdata):
    for file in sorted((realdata / "registry").glob("*.csv")):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert [number for number, line in enumerate(lines) if any(map(text.is_mojibake, line.split(",")))] == []


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("存续", ("active", None)),
        (" 存 续 ", ("active", None)),
        ("ＯＰＥＮ", ("active", None)),
        ("注销", ("cancelled", None)),
        ("已注销", (None, "unknown_code")),
        ("", (None, None)),
    ],
)
def test_choice_of_a_mapping(written, cleaned):
    assert text.choice(written, {"存续": "active", "open": "active", "注销": "cancelled"}) == cleaned


def test_choice_of_a_list():
    assert text.choice("legal_entity", ["legal_entity", "household"]) == ("legal_entity", None)
    assert text.choice("entity", ["legal_entity", "household"]) == (None, "unknown_code")


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("罚款", (["fine"], None)),
        ("罚款、警告", (["warning", "fine"], None)),
        ("警告;罚款；警告", (["warning", "fine"], None)),
        ("警告 罚款", (["warning", "fine"], None)),
        ("警告和罚款", (["warning", "fine"], None)),
        ("没收违法所得、没收非法财物", (["gains"], None)),
        ("警告、鞭刑", (None, "unknown_code")),
        ("无", (None, None)),
    ],
)
def test_choices_in_the_order_of_the_declaration(written, cleaned):
    words = {"警告": "warning", "罚款": "fine", "没收违法所得、没收非法财物": "gains"}
    assert text.choices(written, words) == cleaned


def test_strings():
    assert text.strings(" 甲有限公司、乙有限公司 ；丙厂、") == (["甲有限公司", "乙有限公司", "丙厂"], None)
    assert text.strings("甲、13912345678") == (["甲", "***"], "masked_personal")
    assert text.strings("甲、\ufffd乙") == (None, "mojibake")
    assert text.strings("、") == (None, None)


@pytest.mark.parametrize(
    "written", ["未按规定公示年度报告，经查…", "未按规定公示......", "未按规定公示...", "经查，当事人（略）", "处罚内容【未完】"]
)
def test_a_text_that_says_it_is_cut_off_is_flagged(written):
    assert text.free_text(written) == (written, "truncated")
    assert text.plain(written) == (written, "truncated")


def test_a_text_as_long_as_its_column_was_cut_at_it():
    assert text.plain("甲" * 50, width=50) == ("甲" * 50, "truncated")
    assert text.plain("甲" * 49, width=50) == ("甲" * 49, None)
    assert text.free_text("经查…属实", width=50) == ("经查…属实", None)


@pytest.mark.parametrize("broken", ["锟斤拷", "ÓÐÐ§", "有\ufffd效"])
def test_a_broken_encoding_is_no_unknown_word(broken):
    assert text.choice(broken, ["有效"]) == (None, "mojibake")
    assert text.choices(broken, ["有效"]) == (None, "mojibake")


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("鞭刑", "鞭刑"),
        ("警告、鞭刑", "鞭刑"),
        ("没收违法财物", "没收违法财物"),
        ("限期改正", "限期改正"),
        ("警告处罚", "警告处罚"),
        ("罚款王曌昶", "(5 characters: Han)"),
        ("店主王五", "(4 characters: Han)"),
        ("9", "9"),
        ("状态12", "状态12"),
        ("王曌昶", "(3 characters: Han)"),
        ("警告、王曌昶", "(3 characters: Han)"),
        ("欧阳修文", "(4 characters: Han)"),
        ("买买提·吐尔逊", "(7 characters: Han, signs)"),
        ("13912345678", "1…8 (11 characters: digits)"),
        ("编号2023", "(6 characters: Han, digits)"),
        ("令狐冲", "(3 characters: Han)"),
        ("当事人自愿放弃陈述和申辩的权利", "(9 characters: Han)、(5 characters: Han)"),
        ("甲乙丙丁戊、" * 6, "(36 characters: Han, signs)"),
    ],
)
def test_of_coded_words_those_are_shown_that_nobody_declared(cell, shown):
    assert text.mask_words(cell, {"警告": "warning", "罚款": "fine", "没收违法所得": "gains"}) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", ""),
        ("3", "3"),
        ("N/A", "N/A"),
        ("张勇", "(2 characters: Han)"),
        ("91110108551385083U", "9…U (18 characters: digits, letters)"),
        ("34010219900307007X", "3…X (18 characters: digits, letters)"),
        ("13912345678", "1…8 (11 characters: digits)"),
        ("2020年4月", "(7 characters: digits, Han)"),
        ("a b-c", "a…c (5 characters: letters, spaces, signs)"),
        ("甲" * 60, "(over 50 characters: Han)"),
    ],
)
def test_what_a_reject_may_show(value, shown):
    assert text.mask_value(value) == shown


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("3", "3"),
        ("张勇", "（2个字符：汉字）"),
        ("91110108551385083U", "9…U（18个字符：数字、字母）"),
        ("a b-c", "a…c（5个字符：字母、空格、符号）"),
        ("甲" * 60, "（超过50个字符：汉字）"),
    ],
)
def test_what_a_slip_shows_of_it_is_in_chinese(value, told):
    assert text.shape_in_chinese(text.mask_value(value)) == told


@pytest.mark.parametrize("address", ["合肥市瑶海区示例路1号31113室", "合肥市瑶海区示例路1号3-1113室(申报承诺）"])
def test_an_address_is_kept_as_written(address):
    """Where a hyphen got lost nobody can say (3-1113室, 31-113室), and a note says how the address was registered."""
    assert text.plain(address) == (address, None)
