"""Every reason that a row, a value or a file may be turned away for is explained in Chinese, with what stands behind it."""
from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from jobs.answers.reasons import explained
from jobs.declarations import DeclarationError, Declarations, load
from jobs.declarations.reasons import file_reasons
from jobs.declarations.settings import ROOT
from jobs.facts import outcomes, references
from jobs.values import REASONS


def given(declared: Declarations) -> set[str]:
    """Every reason that code or a declaration gives."""
    checks = {check.reason for category in declared.categories.values() for check in category.checks}
    turned_away = {when.reason for feed in declared.feeds.values() for when in feed.reject_when}
    code = {*REASONS, *references.REASONS, *outcomes.REASONS}
    return checks | turned_away | code | {"ragged_row", "missing", "severity_source_missing"}


def test_every_reason_has_its_sentences_kind_and_basis_and_no_other_is_declared(declared):
    assert given(declared) | set(file_reasons()) == set(declared.reasons)
    for reason in declared.reasons:
        told = explained(declared, reason)
        assert (told.zh[-1], told.en[-1]) == ("。", "."), reason


def test_what_we_moved_masked_or_cut_ourselves_is_no_fault_of_the_sender(declared):
    kept = {reason for reason, (english, _) in REASONS.items() if english.startswith("Kept")}
    assert {reason for reason in kept if declared.reasons[reason].kind == "fault"} == {"characters_lost"}
    assert declared.reasons["open_ended"].kind == declared.reasons["masked_personal"].kind == "note"


def test_a_reason_that_no_file_explains_any_more_is_still_told(declared):
    assert explained(declared, "of_old").zh == "of_old"


@pytest.mark.parametrize(("file", "there", "instead", "said"), [
    ("categories/penalty.yml", "reason: licence_missing", "reason: licence_gone",
     ["categories/penalty.yml: checks.", "'licence_gone' is explained nowhere", "known: "]),
    ("feeds/city_utility_payments.yml", "reason: no_consent", "reason: without_consent",
     ["feeds/city_utility_payments.yml: reject_when.0.reason: 'without_consent'"]),
    ("reasons.yml", "total_check: {", "total_chek: {", ["reasons.yml: 'total_check' is missing: a cleaner"]),
    ("reasons.yml", "total_check: {", "total_check: {zh: 错。, ", ["reasons.yml: total_check: zh and en stand in REASONS"]),
    ("reasons.yml", "zh: 比例超过 100%。, ", "", ["reasons.yml: over_100_percent: zh and en are missing"]),
    ("reasons.yml", "severity_source_missing:", "severity_source_absent:",
     ["categories/penalty.yml: fields.severity_source.missing: 'severity_source_missing'"]),
    ("reasons.yml", "file_damaged:", "file_broken:", ["reasons.yml: 'file_damaged' is explained nowhere"]),
    ("slips.yml", "working_days: 10", "working_days: soon", ["slips.yml: reply[0].working_days", "'soon'"]),
])
def test_a_reason_that_nobody_explains_is_refused_with_file_and_key(tmp_path: Path, file, there, instead, said):
    config = shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "expectations", tmp_path / "expectations")
    text = (config / file).read_text(encoding="utf-8")
    assert there in text
    (config / file).write_text(text.replace(there, instead, 1), encoding="utf-8")
    with pytest.raises(DeclarationError) as error:
        load(config)
    assert all(part in str(error.value) for part in said), str(error.value)


def test_the_clock_in_force_on_the_day_counts(declared):
    assert declared.slips.clock(date(2026, 11, 20)).working_days == 10
    assert declared.slips.clock(date(2020, 1, 1)) is declared.slips.reply[0]
