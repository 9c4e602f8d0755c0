from decimal import Decimal

import pytest

from jobs.values import decisions


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("罚款人民币5万元", "50000"),
        ("罚款5000元，没收违法所得1200元", "5000"),
        ("1.给予警告；\n2.罚款5000元", "5000"),
        ("2. 5000元罚款", "5000"),
        ("罚款 5000 元", "5000"),
        ("罚款壹万伍仟元整", "15000"),
        ("罚款1万5千元", "15000"),
        ("罚款0.5万元", "5000"),
        ("罚款5万", "50000"),
        ("并处5000元罚款", "5000"),
        ("处以人民币伍仟元整（￥5000.00）的罚款", "5000"),
        ("罚款人民币50,000元（大写：伍万元整）", "50000"),
        ("罚款5000元，即罚款伍仟元整", "5000"),
        ("罚款1万元，罚款2万元，合计罚款3万元", "30000"),
        ("没收违法所得1200元，罚款5000元，罚没款合计6200元", "5000"),
        ("依据条例应处一万元以上五万元以下罚款，决定罚款20000元", "20000"),
        ("处货值金额三倍的罚款计15000元", "15000"),
        ("罚款5000元。逾期不缴纳的，每日按罚款数额的3%加处罚款", "5000"),
        ("对单位罚款50000元，对其法定代表人王某罚款1万元", "50000"),
    ],
)
def test_the_fine_that_the_text_states(text, yuan):
    assert decisions.fine(text) == (Decimal(yuan), None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("给予警告", None),
        ("没收违法所得1200元", None),
        ("处以罚款", None),
        ("处一万元以上五万元以下罚款", None),
        ("处货值金额5000元三倍的罚款", None),
        ("罚款5 000元", None),
        ("每日按罚款数额的3%加处罚款", None),
        ("对甲公司罚款1万元；对乙公司罚款2万元", "several_amounts"),
        ("罚款1万元，罚款2万元", "several_amounts"),
        ("2.5000元罚款", "several_amounts"),
        ("对法定代表人王某，罚款1万元", "several_amounts"),
        ("自改正之日起每日罚款5000元", "by_the_day"),
        ("合计罚没6200元", "joint_total"),
        ("罚款5万元（伍仟元整）", "capitals_disagree"),
        ("罚款?5000元", "digit_lost"),
        ("罚款⑷万元", "digit_lost"),
        ("无", None),
    ],
)
def test_what_the_text_leaves_open_is_no_fine(text, reason):
    assert decisions.fine(text) == (None, reason)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("罚款5000元，没收违法所得1200元", (Decimal(1200), None)),
        ("没收非法财物价值300元", (Decimal(300), None)),
        ("没收违法所得人民币壹仟贰佰元整（1200元）", (Decimal(1200), None)),
        ("违法所得1,200.00元予以没收", (Decimal(1200), None)),
        ("没收1200元违法所得", (Decimal(1200), None)),
        ("没收违法所得1200元、没收非法财物价值300元", (None, "several_amounts")),
        ("没收违法所得1200元，没收非法财物300元，合计没收违法所得1500元", (Decimal(1500), None)),
        ("罚没款共计6200元", (None, "joint_total")),
        ("没收违法所得", (None, None)),
        ("罚款5000元", (None, None)),
    ],
)
def test_the_confiscation_is_told_apart(text, said):
    assert decisions.confiscation(text) == said


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("逾期不缴纳的，每日按罚款数额的3%加处罚款", Decimal(3)),
        ("到期不缴纳罚款的，每日按罚款数额的百分之三加处罚款", Decimal(3)),
        ("逐日按３％加处罚款", Decimal(3)),
        ("罚款数额的3%", None),
        ("罚款5000元", None),
    ],
)
def test_the_daily_penalty_is_a_share_of_the_fine(text, percent):
    assert decisions.daily_percent(text) == (percent, None)
