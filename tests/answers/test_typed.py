"""What is typed wrong is answered with how it is written, before anything is started."""
from __future__ import annotations

from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jobs.__main__ import main, parser_of
from jobs.declarations import DeclarationError
from jobs.declarations.settings import settings
from jobs.stages import arriving
from jobs.stages.failures import WRONG

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize(("words", "told"), [
    (["night", "--as-of", "20.11.2026"], "argument --as-of: '20.11.2026' is none of the calendar; write YYYY-MM-DD"),
    (["night", "--as-of", "2026-02-30"], "'2026-02-30' is none of the calendar; write YYYY-MM-DD"),
    (["scorecard", "--month", "2026-13"], "'2026-13' is none of the calendar; write YYYY-MM"),
    (["night", "--known-at", "today"], "'today' is no time; write for example 2026-11-20T18:00:00+08:00"),
])
def test_a_wrong_date_is_answered_with_its_form(words: list[str], told: str, capsys: pytest.CaptureFixture) -> None:
    with pytest.raises(SystemExit) as ended:
        parser_of().parse_args(words)
    assert ended.value.code == WRONG
    assert told in capsys.readouterr().err


def test_a_draft_of_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["draft", str(tmp_path / "nowhere.csv")]) == WRONG
    assert f"{tmp_path / 'nowhere.csv'}: no such file" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "covers", "told"), [
    ("登记.csv", None, "names no day: it is taken to cover 2026-11-20, the day it reached us; --covers YYYY-MM-DD says another"),
    ("登记_20261119.csv", None, None), ("登记.csv", date(2026, 11, 19), None)])
def test_a_file_that_names_no_day_is_said_to_cover_the_day_it_came(tmp_path: Path, declared, name, covers, told) -> None:
    (tmp_path / name).write_text("甲", encoding="utf-8")
    said: list[str] = []
    nobody = {"received_at": None, "by": None, "because": None}
    asked = Namespace(files=[tmp_path / name], feed="market_small_registry", covers=covers, **nobody)
    [one] = arriving.arriving(asked, settings(), declared, lambda: NOW, [], said.append)
    assert one.covers == (covers or (date(2026, 11, 20) if told else date(2026, 11, 19)))
    assert [told in line for line in said] == ([True] if told else [])


def test_the_misspelt_feed_is_answered_with_the_nearest(declared) -> None:
    asked = Namespace(files=[Path("nothing.csv")], feed="city_penaltys", received_at=None)
    with pytest.raises(DeclarationError, match="'city_penaltys' is unknown; did you mean 'city_penalties'"):
        list(arriving.arriving(asked, settings(), declared, lambda: NOW, [], print))
