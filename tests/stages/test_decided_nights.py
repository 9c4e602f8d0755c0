"""Design law 3 from end to end: an adverse fact in doubt is nowhere until two people decide, or the organ that made the act
answers; the night after it is there, and the night after the decision was withdrawn it is gone again."""
from __future__ import annotations

import csv
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from jobs.answers import question_files
from jobs.answers.deciding import decide
from jobs.answers.explain import explain
from jobs.answers.returned import slips
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stages.replay import replay
from tests.released import clock, quiet, tonight
from tests.standing import asked
from tests.two_nights import FIRST

DOUBT = ("links", "review_queue")  # where audit sees it all the time
PLACES = """select table_schema || '.' || table_name as name from information_schema.tables
    where table_schema in ('credit', 'open', 'market', 'audit') and table_name not in
      ('releases', 'release_delta', 'withdrawals', 'links', 'review_queue') order by 1"""
# Two facts in doubt of different enterprises, and a third whose organ can be asked, each about a subject of its own.
PENDING = """select * from (
    select distinct on (l.subject) l.fact_id, l.subject, l.enterprise_id, e.credit_code, q.asked_organ_code, q.event_date
    from credit.links l join credit.review_queue q using (fact_id) join credit.enterprises e using (enterprise_id)
    where l.pending and l.category = 'penalty' and q.waiting_on = 'organ' and e.credit_code is not null
    order by l.subject, l.fact_id) one order by event_date desc, subject"""
NOTHING = dict.fromkeys(("record", "same", "different", "unsure", "file", "answers", "withdraw", "organ", "document", "by"))


@dataclass
class Home:
    settings: Settings
    declared: Declarations
    folder: Path
    facts: list[dict]
    nights: int = 0

    @property
    def now(self) -> datetime:
        return FIRST[1] + timedelta(hours=1 + self.nights)

    def decides(self, **words: object) -> str:
        typed = Namespace(**{**NOTHING, "list": False, "json": False, "because": "登记档案一致", **words})
        return decide(self.settings, typed, self.now - timedelta(minutes=30)).split()[0]

    def night(self) -> str:
        summary = tonight(self.settings, self.declared, FIRST[0], self.now)
        self.nights += 1
        return summary

    def places(self, fact_id: str) -> set[str]:
        """Every table and view, but those where doubt may be seen, that says anything of the fact."""
        names = [row["name"] for row in asked(self.settings, PLACES)]
        each = [f"select '{name}' as name where exists (select from {name} t where strpos(t::text, '{fact_id}') > 0)"
                for name in names]
        return {row["name"] for row in asked(self.settings, " union all ".join(each))}

    def link(self, fact_id: str) -> tuple:
        [row] = asked(self.settings, """select tier, enterprise_id, reason, pending from credit.links where fact_id = :id""",
                      id=fact_id)
        return tuple(row.values())


@pytest.fixture(scope="module")
def home(new_home: Callable[..., Settings], old: tuple[Settings, object], declared: Declarations, tmp_path_factory) -> Home:
    """The village after its first night."""
    settings = new_home(old[0])
    return Home(settings, declared, tmp_path_factory.mktemp("decided"), asked(settings, PENDING))


def answered(home: Home, fact: dict) -> None:
    """The organ is sent its slip, fills in the code of the enterprise, and sends it back."""
    wanted = Namespace(feed=None, delivery=None, overdue=False, to=home.folder, json=False)
    assert "wait on organs" in slips(home.settings, wanted, home.now)
    path = home.folder / f"{question_files.SHEET}_{fact['asked_organ_code']}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    mine = [row for row in rows if fact["credit_code"] in {row[name] for name in question_files.NUMBERS}][:1]
    mine[0] |= {question_files.ANSWER: fact["credit_code"], question_files.WHO: "赵"}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, question_files.HEAD)
        writer.writeheader()
        writer.writerows(rows)
    home.decides(answers=path, organ=fact["asked_organ_code"])


def test_doubt_punishes_nobody_until_it_is_decided_and_not_after_that_is_withdrawn(home: Home):
    by_two, by_one, by_organ, refused = home.facts[:4]
    for fact in home.facts[:4]:
        assert home.places(fact["fact_id"]) == set()
        assert fact["fact_id"] not in explain(home.settings, fact["enterprise_id"], True)
    same = {"record": by_two["fact_id"], "same": by_two["enterprise_id"]}
    first = home.decides(**same, by="陈")
    home.decides(**same, by="王")
    home.decides(record=by_one["fact_id"], same=by_one["enterprise_id"], by="陈")
    home.decides(record=refused["fact_id"], different=refused["enterprise_id"], by="陈")
    answered(home, by_organ)
    summary = home.night()

    assert home.link(by_two["fact_id"]) == (0, by_two["enterprise_id"], "decided_same", False)
    assert home.link(by_one["fact_id"]) == (0, by_one["enterprise_id"], "decided_same", True)
    assert home.link(by_organ["fact_id"]) == (0, by_organ["enterprise_id"], "decided_same", False)
    assert home.link(refused["fact_id"])[:3] == (None, None, "decided_different")
    assert home.places(by_one["fact_id"]) == home.places(refused["fact_id"]) == set()
    for fact in (by_two, by_organ):
        assert "credit.events" in home.places(fact["fact_id"])
        assert fact["fact_id"] in explain(home.settings, fact["enterprise_id"], True)
    assert any("audit.events" in home.places(fact["fact_id"]) for fact in (by_two, by_organ))  # the other may be over by now
    assert "tier 0 (decision) " in summary
    assert "wait on organs" in summary
    labels = asked(home.settings, "select figure, whole from credit.match_quality where part = 'labels' and name = 'decided'")
    assert {row["figure"]: row["whole"] for row in labels}["recall"] == 3  # the engine alone is asked about what was decided
    [release] = asked(home.settings, "select release_id from credit.releases order by sequence desc limit 1")

    home.decides(withdraw=first, by="李")
    home.night()
    assert home.link(by_two["fact_id"]) == (0, by_two["enterprise_id"], "decided_same", True)
    assert home.places(by_two["fact_id"]) == set()
    assert "credit.events" in home.places(by_organ["fact_id"])
    # What was decided then, and not what was withdrawn since, makes the release that was made then.
    assert replay(home.settings, release["release_id"], clock, quiet).startswith("same: ")
