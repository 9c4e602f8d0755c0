"""Tokens of persons: one name and one key give one token, and nothing else gives any."""
from __future__ import annotations

import hashlib
import hmac

import pytest

from jobs.declarations.settings import ROOT, Settings, settings
from jobs.enterprises.comparing import person
from jobs.values.persons import Key, key_of, person_token

SECRET = "a-secret-of-the-tests-only"
ONE, OTHER = Key("k1", SECRET.encode()), Key("k2", b"another-secret-of-the-tests")


def token(cell: str, key: Key | None = ONE) -> str | None:
    return person_token(cell, key=key)[0]


def test_the_token_is_the_keyed_hash_of_the_name_in_its_normal_form():
    told = hmac.new(SECRET.encode(), "丁一凡".encode(), hashlib.sha256).hexdigest()
    assert token("丁一凡") == token(" 丁　一 凡 ") == f"k1:match:{told}"
    assert token("Ｄｉｎｇ Yifan") == token("Ding Yifan") != token("丁一凡")


@pytest.mark.parametrize("cell", ["", "-", "丁", "丁*凡", "丁某某", "丁一凡、丁二凡", "34010219900307001X", "丁一凡1"])
def test_a_cell_that_is_not_one_whole_name_has_no_token_and_no_reason(cell):
    assert person_token(cell, key=ONE) == (None, None)


def test_without_a_key_nobody_has_a_token():
    assert person_token("丁一凡") == (None, None)


def test_tokens_of_two_keys_or_purposes_never_compare():
    mine, theirs = token("丁一凡"), token("丁一凡", OTHER)
    assert person(mine, mine) == "same"
    assert person(mine, token("丁二凡")) == "other"
    assert person(mine, theirs) == "not_said"
    assert person(mine, person_token("丁一凡", "other", ONE)[0]) == "not_said"


def test_the_key_comes_from_the_environment_and_prints_nowhere(monkeypatch):
    assert key_of(None) is None
    assert key_of("") is None
    monkeypatch.setenv("CREDIT_PERSON_KEY", f"k1:{SECRET}")
    made = settings(home="x")
    assert made.token_key == ONE
    assert SECRET not in f"{made!r}{made.token_key!r}{made}"
    assert not any(SECRET in path.read_text(encoding="utf-8") for path in (ROOT / "config").rglob("*.yml"))


@pytest.mark.parametrize("said", [SECRET, "k1:short", f"k 1:{SECRET}", f"k1:{SECRET} "])
def test_a_key_that_is_not_whole_is_refused_without_being_told(monkeypatch, said):
    monkeypatch.setenv("CREDIT_PERSON_KEY", said)
    with pytest.raises(ValueError, match="KEY_ID:SECRET") as refused:
        Settings(home="x")
    assert SECRET not in str(refused.value)
