import hashlib

import pytest

from jobs.readers import Limits, Unreadable
from jobs.readers.inspect import Encoding, decide_encoding, decoded, inspect, looks_like, utf8_blocks


@pytest.fixture
def file(tmp_path):
    def write(data: bytes):
        path = tmp_path / "delivery.csv"
        path.write_bytes(data)
        return path

    return write


def test_an_inspection_gives_size_and_digest(file):
    data = "名称\n".encode() * 100_000
    seen = inspect(file(data), Limits())
    assert (seen.size, seen.sha256, seen.looks_like) == (len(data), hashlib.sha256(data).hexdigest(), "text")


def test_a_file_past_the_limit_is_refused_before_it_is_read(file):
    with pytest.raises(Unreadable, match="11 bytes, at most 10") as caught:
        inspect(file(b"a" * 11), Limits(max_bytes=10))
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"PK\x03\x04rest", "a zip archive", id="zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a compound file of an old Office program", id="ole"),
        pytest.param(b"%PDF-1.7", "a PDF", id="pdf"),
        pytest.param(b"\x1f\x8b\x08", "a gzip file", id="gzip"),
        pytest.param(b"\xef\xbb\xbf\n <!DOCTYPE html>", "an HTML page", id="html after a mark"),
        pytest.param(b"<table border=1>", "an HTML page", id="html table"),
        pytest.param(b"<?xml version='1.0'?>", "an XML document", id="xml"),
        pytest.param("a,b".encode("utf-16"), "UTF-16 text", id="utf-16"),
        pytest.param(b"a\0b", "binary data", id="binary"),
        pytest.param("名称,日期".encode("gb18030"), "text", id="text"),
    ],
)
def test_the_first_bytes_tell_what_a_file_is(file, data, seen):
    assert looks_like(file(data)) == seen


@pytest.mark.parametrize(
    ("data", "name"),
    [
        pytest.param(b"a,b\n", "utf-8", id="ascii"),
        pytest.param("名称\n".encode(), "utf-8", id="utf-8"),
        pytest.param("名称\n".encode("utf-8-sig"), "utf-8", id="utf-8 with mark"),
        pytest.param("企业名称，𠮷\n".encode("gb18030"), "gb18030", id="gb18030 with four bytes"),
        # Only the last of many characters tells.
        pytest.param(b"a\n" * 400_000 + "称\n".encode("gb18030"), "gb18030", id="gb18030 at the very end"),
    ],
)
def test_the_whole_file_decides_its_encoding(file, data, name):
    assert decide_encoding(file(data), "detect").name == name


def test_a_declared_encoding_is_not_second_guessed(file):
    assert decide_encoding(file(b"a"), "big5") == Encoding("big5")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_text_is_decoded_whole_across_blocks(file, encoding):
    text = "一二三，ab\r\n" * 90_000
    assert "".join(decoded(file(text.encode(encoding)), Encoding(encoding.removesuffix("-sig")))) == text


@pytest.mark.parametrize("before", [0, 5, 262_143, 262_144, 700_001])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_byte_that_breaks_an_encoding_is_named(file, encoding, before):
    data = b"a" * before + b"\xff\xff,b\n"
    with pytest.raises(Unreadable) as caught:
        list(decoded(file(data), Encoding(encoding)))
    assert caught.value.reason == "wrong_encoding"
    assert f"byte {before} (ff" in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_character_cut_in_two_at_the_end_is_a_truncated_file(file, encoding):
    data = ("名" * 100_000).encode(encoding)[:-1]
    with pytest.raises(Unreadable) as caught:
        list(decoded(file(data), Encoding(encoding)))
    assert caught.value.reason == "truncated"


def test_a_cut_utf_8_file_is_not_taken_for_gb18030(file):
    with pytest.raises(Unreadable) as caught:
        decide_encoding(file("名称,\n企业".encode()[:-2]), "detect")
    assert caught.value.reason == "truncated"


def test_where_no_encoding_fits_both_places_are_named(file):
    data = "名称和".encode() + b",\xff\n"
    encoding = decide_encoding(path := file(data), "detect")
    with pytest.raises(Unreadable, match=r"byte 8 .* is not gb18030, and byte 10 .* is not utf-8") as caught:
        list(decoded(path, encoding))
    assert caught.value.reason == "wrong_encoding"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 262_144])
@pytest.mark.parametrize("text", ["", "名", "a名𠮷é,\n", "\ufeff\ufeff名", "é" * 9])
def test_blocks_of_utf_8_are_the_text(file, monkeypatch, text, size):
    monkeypatch.setattr("jobs.readers.inspect.BLOCK", size)
    path = file(text.encode("utf-8-sig"))
    blocks = list(utf8_blocks(path, Encoding("utf-8")))
    assert b"".join(blocks).decode() == "".join(decoded(path, Encoding("utf-8"))) == text
    assert all(block.decode() for block in blocks[1:])


@pytest.mark.parametrize("size", [1, 2, 3, 5, 262_144])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"ab\xe5\x90", "truncated", id="cut"),
        pytest.param(b"ab\xe5", "truncated", id="cut after one byte"),
        pytest.param(b"\xe5\x90a", "wrong_encoding", id="character left unfinished"),
        pytest.param(b"\xc0\x80", "wrong_encoding", id="longer than need be"),
        pytest.param(b"\xed\xa0\x80", "wrong_encoding", id="surrogate"),
        pytest.param(b"\xf5\x80\x80\x80", "wrong_encoding", id="past the last character"),
        pytest.param(b"a\x80\x80\x80\x80\x80", "wrong_encoding", id="ends without beginnings"),
    ],
)
def test_blocks_of_utf_8_are_strict(file, monkeypatch, data, reason, size):
    monkeypatch.setattr("jobs.readers.inspect.BLOCK", size)
    with pytest.raises(Unreadable) as caught:
        list(utf8_blocks(file(data), Encoding("utf-8")))
    assert caught.value.reason == reason
