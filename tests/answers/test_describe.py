import pytest

from jobs.answers import documents
from jobs.answers.describe import KINDS, describe
from jobs.declarations import DeclarationError, Declarations
from jobs.declarations.settings import ROOT


@pytest.mark.parametrize("name", ["feeds.md", "tables.md"])
def test_the_committed_documents_say_what_is_declared_now(declared: Declarations, name: str) -> None:
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == documents.made(declared)[name], "run: python -m jobs describe --write"


def test_everything_declared_can_be_described(declared: Declarations) -> None:
    names = {"feed": declared.feeds, "field": declared.fields, "rule": declared.rules, "table": ["grades", "penalties"],
             "category": declared.categories}
    assert set(names) == set(KINDS)
    for kind, there in names.items():
        for name in there:
            assert name in describe(declared, [kind, name], False).splitlines()[0]


def test_a_feed_is_told_with_its_labels_deadline_and_what_is_dropped(declared: Declarations) -> None:
    told = describe(declared, ["feed", "city_penalties"], False)
    assert "18:00, working day 1 after the day covered" in told
    assert "罚款金额（万元）" in told
    assert "unit wan" in told
    assert "法定代表人, 法定代表人证件号码" in told


@pytest.mark.parametrize(("what", "said"), [
    pytest.param(["nothing"], "known: category, feed, field, rule, table", id="kind"),
    pytest.param(["city_penalties"], "did you mean `describe feed city_penalties`?", id="a name without its kind"),
    pytest.param(["category", "penalties"], "penalty", id="category"),
    pytest.param(["feed", "city_penalty"], "city_penalties", id="feed"),
    pytest.param(["table", "grade"], "grades", id="table"),
])
def test_what_is_not_declared_is_refused_with_what_is(declared: Declarations, what: list[str], said: str) -> None:
    with pytest.raises(DeclarationError, match=what[-1]) as raised:
        describe(declared, what, False)
    assert said in str(raised.value)
