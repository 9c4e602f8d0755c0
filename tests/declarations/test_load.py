"""A declaration that is wrong is refused with its file, its key, the value seen and the values known."""
from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.declarations import DeclarationError, load
from jobs.declarations.settings import ROOT

VOLUME = re.search(r"^volume:\n(?:  .*\n)+", (ROOT / "config/feeds/city_penalties.yml").read_text(encoding="utf-8"), re.M)[0]
FEED, CATEGORY, PERMITS = "feeds/city_penalties.yml", "categories/penalty.yml", "feeds/city_permits.yml"
# file, text there, text instead, what the message says
WRONG = {
    "unknown count": (
        "scorecards.yml",
        "numerator: rows_facts + rows_duplicate",
        "numerator: rows_facts + rows_doubled",
        ["scorecards.yml: figures.compliance.numerator: 'rows_doubled' is no count; did you mean '", "known: ", "rows_duplicate"],
    ),
    "bands the wrong way round": (
        "scorecards.yml",
        "bands: {green: 0.98, amber: 0.9,",
        "bands: {green: 0.9, amber: 0.98,",
        ["scorecards.yml: figures.consistency", "green 0.9 is worse than amber 0.98, as high is better"],
    ),
    "a drift beside bands": (
        "scorecards.yml",
        "numerator: acts_adverse\n",
        "numerator: acts_adverse\n    better: low\n    bands: {green: 0.1, amber: 0.2, because: x}\n",
        ["scorecards.yml: figures.adverse", "drift: only of a share without bands"],
    ),
    "a drift the wrong way round": (
        "scorecards.yml",
        "drift: {days: 90, green: 0.1,",
        "drift: {days: 90, green: 0.3,",
        ["scorecards.yml: figures.adverse", "drift: green 0.3 is more than amber 0.25"],
    ),
    "clock of an unknown category": (
        "scorecards.yml",
        "categories: [permit, penalty]",
        "categories: [permit, fine]",
        ["scorecards.yml: clocks.two_publicities.categories: 'fine' is unknown; known: ", "penalty"],
    ),
    "two clocks at once": (
        "scorecards.yml",
        "categories: [permit, penalty]",
        "categories: [permit, penalty, honour]",
        ["clocks.two_publicities.categories: 'honour' runs by other_acts at the same time"],
    ),
    "word of a lookup that the field does not know": (
        FEED,
        "罚款: fine\n",
        "罚款: fines\n",
        ["lookups.penalty_kinds: fines is no code of field penalty_kinds; known: ", "fine, "],
    ),
    "no cron line": (FEED, "schedule: ", "schedule: daily  # ", ["schedule: String should match pattern", "'daily'"]),
    "no hour of a day": (FEED, 'time: "18:00"', 'time: "25:00"', ["deadline.time: String should match pattern", "'25:00'"]),
    "unknown key": (
        FEED,
        "schedule:",
        "shedule: x\nschedule:",
        ["city_penalties.yml: shedule", "Extra inputs", "at the top: did you mean 'schedule'? known: ", "schedule"],
    ),
    "bad type": (
        FEED,
        "{working_days: 1,",
        "{working_days: soon,",
        ["city_penalties.yml: deadline.working_days", "seen: 'soon'"],
    ),
    "missing field": (FEED, "organ: city_credit_centre\n", "", ["city_penalties.yml: organ: Field required"]),
    "duplicate id": (
        "fields.yml",
        "former_name:",
        "subject_name: {}\nformer_name:",
        ["fields.yml:", "'subject_name' is declared twice"],
    ),
    "another file's id": (
        FEED,
        "feed: city_penalties\n",
        "feed: penalties\n",
        ["must be the file's own name 'city_penalties'", "'penalties'"],
    ),
    "not YAML": (FEED, "examples:", "examples: [", ["city_penalties.yml: not readable as YAML", "line"]),
    "unknown category": (FEED, "category: penalty\n", "category: fines\n", ["category: 'fines' is unknown; known: ", "penalty"]),
    "unknown organ": (
        FEED,
        "organ: city_credit_centre\n",
        "organ: nobody\n",
        ["organ: 'nobody' is unknown; known: ", "city_credit_centre"],
    ),
    "field outside the catalogue": (
        FEED,
        "  remarks: {label: 备注}\n",
        "  industry: {label: 备注}\n",
        ["'industry' is not in the catalogue of category penalty"],
    ),
    "required field not given": (
        FEED,
        "  document_no: {label: 行政处罚决定书文号}\n",
        "",
        ["'document_no' is required by category penalty and not given"],
    ),
    "unknown lookup": (
        FEED,
        "lookup: subject_kind}",
        "lookup: kinds}",
        ["fields.subject_kind.lookup: 'kinds' is unknown; known: "],
    ),
    "unknown cleaner": (
        "fields.yml",
        "cleaner: codes.tax_number",
        "cleaner: codes.tax",
        ["'codes.tax' is unknown; did you mean 'codes.tax_number'? known: ", "codes.tax_number"],
    ),
    "option not taken": (
        FEED,
        "options: {unit: wan}",
        "options: {units: wan}",
        ["options: units not taken by money.amount; did you mean 'unit'? known: ", "unit"],
    ),
    "option of an unknown word": (
        FEED,
        "options: {unit: wan}",
        "options: {unit: wann}",
        ["feeds/city_penalties.yml: fields.fine_amount_yuan: options.unit: 'wann' is unknown; did you mean 'wan'? "
         "known: wan, yi, yuan"],
    ),
    "option of another type": (
        "feeds/ministry_permits.yml",
        "options: {width: 64}",
        "options: {width: wide}",
        ["fields.certificate_name: options.width: 'wide' is no int"],
    ),
    "option that is no day": (
        FEED,
        "{label: 公示截止期}",
        "{label: 公示截止期, options: {earliest: someday}}",
        ["fields.publicity_end_date: options {'earliest': 'someday'} cannot be used by dates.", "ValueError"],
    ),
    "option of no file": (
        "fields.yml",
        "options: {table: codes/industries.csv}",
        "options: {table: codes/industry.csv}",
        ["options.table: 'codes/industry.csv' is no file under "],
    ),
    "key twice in a mapping of a feed": (
        FEED,
        "  remarks: {label: 备注}\n",
        "  remarks: {label: 备注}\n  remarks: {label: 备注}\n",
        ["city_penalties.yml:", ": 'remarks' is declared twice, first in line "],
    ),
    "key twice on one line": (
        FEED,
        "  remarks: {label: 备注}\n",
        "  remarks: {label: 备注, label: 备注}\n",
        [": 'label' is declared twice, first in line "],
    ),
    "label read and ignored": (
        PERMITS,
        "    ignored: [项目名称, 地方编码]\n",
        "    ignored: [项目名称, 地方编码, 行政许可决定书文号]\n",
        ["city_permits.yml: earlier[0].fields.document_no: 行政许可决定书文号 stands under ignored too"],
    ),
    "field read from none": (
        CATEGORY,
        "{of: penalty_content}",
        "{of: contents}",
        ["fields.fine_stated_yuan.of: 'contents' is no given field of the category; ", "did you mean 'penalty_content'? known: "],
    ),
    "field read from another and given": (
        FEED,
        "  remarks: {label: 备注}\n",
        "  fine_stated_yuan: {label: 备注}\n",
        ["'fine_stated_yuan' is read from the cell of 'penalty_content' in category penalty; no feed gives it"],
    ),
    "field dated by a text": (
        "categories/award.yml",
        "{dated_by: notice_date}",
        "{dated_by: project_name}",
        ["fields.award_region.dated_by: 'project_name' is no date of the category; known: notice_date"],
    ),
    "cleaner of another type": (
        FEED,
        "{label: 备注}",
        "{label: 备注, cleaner: dates.date}",
        ["fields.remarks.cleaner: dates.date gives another type than text.free_text"],
    ),
    "unknown words of a text": (
        FEED,
        "{label: 备注}",
        "{label: 备注, unknown_words: reject}",
        ["fields.remarks.unknown_words: text.free_text knows no words"],
    ),
    "unknown words held of a field that rejects its row": (
        "feeds/environment_ratings.yml",
        "{label: 评价等级, lookup: colours}",
        "{label: 评价等级, lookup: colours, unknown_words: hold}",
        ["fields.rating_value.unknown_words: hold: category sector_rating rejects a row whose rating_value cannot be read"],
    ),
    "field not in the dictionary": (
        CATEGORY,
        "  remarks: {}\n",
        "  remark: {}\n",
        ["field 'remark' is not in fields.yml; did you mean 'remarks'? known: "],
    ),
    "party without its fields": (
        "categories/shareholding.yml",
        "parties: [investor]",
        "parties: [investor, seller]",
        ["shareholding.yml: parties: 'seller_name' is not among its fields; did you mean '", "investor_name"],
    ),
    "suspension by a field that is none of its own": (
        "categories/objection.yml",
        "since: applied_date",
        "since: asked_date",
        ["objection.yml: suspends: 'asked_date' is not among its fields; did you mean '", "applied_date"],
    ),
    "bound without a reason": (
        FEED,
        VOLUME,
        "volume: {min_rows: 1, max_rows: 5000000}\n",
        ["volume.because: Field required"],
    ),
    "changes that do not lead to the bound": (
        FEED,
        VOLUME,
        "volume: {min_rows: 1, max_rows: 9, because: test, changed: ["
        "{since: 2026-11-20, bound: max_rows, was: 5, now: 8, because: more}]}\n",
        ["volume.changed: max_rows since 2026-11-20: it says 8.0, what stands after it is 9.0"],
    ),
    "fill of no field": (
        FEED,
        VOLUME,
        "volume: {min_rows: 1, max_rows: 9, because: test, fill: {industry: {min: 0.9, because: test}}}\n",
        ["volume.fill: 'industry' is no field of this feed; known: ", "credit_code"],
    ),
    "absence without full snapshots": (
        FEED,
        "snapshot: increment",
        "snapshot: increment\nabsence: exit",
        ["absence: 'exit' needs full snapshots of an adverse category (seen: snapshot: increment, category penalty"],
    ),
    "an empty snapshot that would end everything": (
        "feeds/district_abnormal_snapshot.yml",
        "  min_rows: 5\n",
        "  min_rows: 0\n",
        ["absence: an empty snapshot would end every entry: volume.min_rows must be at least 1 (seen: 0)"],
    ),
    "an earlier version that is no feed": (
        PERMITS,
        "      document_no: {label: 行政许可决定书文号}\n",
        "",
        ["city_permits.yml: earlier[0].fields: 'document_no' is required by category permit and not given"],
    ),
    "an earlier version with a wrong field": (
        PERMITS,
        "lookup: status_2016}",
        "lookup: status}",
        ["earlier[0].fields.permit_status.lookup: 'status' is unknown; did you mean 'status_2016'? "
         "known: action_2016, permit_kind, status_2016"],
    ),
    "an earlier version with a bad type": (
        PERMITS,
        "    ignored: [项目名称, 地方编码]\n",
        "    ignored: 项目名称\n",
        ["city_permits.yml: earlier[0].ignored: Input should be a valid list", "seen: '项目名称'"],
    ),
    "an earlier version of what has no version": (
        PERMITS,
        "  - until: 2018-12-31\n",
        "  - until: 2018-12-31\n    schedule: daily\n",
        ["city_permits.yml: earlier[0].schedule: Extra inputs are not permitted", "seen: 'daily'"],
    ),
    "an earlier version that is like the one after it": (
        PERMITS,
        "earlier:\n",
        "earlier:\n  - {until: 2017-06-30, because: nothing changed, examples: [{row: {a: b}, gives: {}}]}\n",
        ["city_permits.yml: earlier[0]: says nothing that was otherwise; known: constants, fields, format"],
    ),
    "earlier versions out of order": (
        PERMITS,
        "earlier:\n",
        "earlier:\n  - {until: 2018-12-31, because: nulls only, nulls: [], examples: [{row: {a: b}, gives: {}}]}\n",
        ["city_permits.yml: earlier[1].until: 2018-12-31 is not after 2018-12-31", "the oldest stands first"],
    ),
    "column of no channel": (
        "channels.yml",
        "key: [finding_id]",
        "key: [finding]",
        ["tables.findings: 'finding' is not among its columns"],
    ),
}


@pytest.fixture
def with_change(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of the configuration in which one text of one file is another."""

    def change(file: str, before: str, after: str) -> Path:
        for folder in ("config", "expectations"):
            shutil.copytree(ROOT / folder, tmp_path / folder)
        path = tmp_path / "config" / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        return tmp_path / "config"

    return change


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_file_key_and_value(with_change, what):
    file, before, after, said = WRONG[what]
    with pytest.raises(DeclarationError) as raised:
        load(with_change(file, before, after))
    assert Path(file).name in str(raised.value)
    assert [part for part in said if part not in str(raised.value)] == []


def test_what_is_right_loads(with_change):
    feeds = {path.stem for path in (ROOT / "config/feeds").glob("*.yml")}
    assert set(load(with_change(FEED, "schedule:", "schedule:")).feeds) == feeds
