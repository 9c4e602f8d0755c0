import gzip
import io
import zipfile

import pytest

from jobs.readers import Limits

CSV = "名称,金额\n甲,1\n乙,2\n".encode()
MORE = "名称,金额\n丙,3\n\n".encode()
LOOSE = Limits(max_ratio=2000)


def zipped(files, method=zipfile.ZIP_DEFLATED, change=None) -> bytes:
    """An archive of these names and bytes; `change` has the say over each member before it is written."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files:
            member = zipfile.ZipInfo(name)
            member.compress_type = method
            if change:
                change(member)
            archive.writestr(member, data)
    return buffer.getvalue()


def named_in(data: bytes, name: str, encoding: str) -> bytes:
    """The archive with its one name, of ASCII letters, written in another encoding and not said to be UTF-8."""
    spelt = name.encode(encoding)
    assert data.count(b"x" * len(spelt)) == 2
    return data.replace(b"x" * len(spelt), spelt)


def test_a_gzip_file_is_read_as_what_it_holds(read_bytes):
    seen = read_bytes(gzip.compress(CSV), kind="csv", container="gzip")
    assert (seen.rows, seen.account) == ([["甲", "1"], ["乙", "2"]], (3, 2, 0, 1, 0, 0))


def test_a_gzip_file_of_several_streams_is_one_file(read_bytes):
    seen = read_bytes(gzip.compress(CSV) + gzip.compress("丙,3\n".encode()), kind="csv", container="gzip")
    assert seen.numbers == [1, 2, 3]


def test_members_are_read_in_the_order_of_their_names_as_one(read_bytes):
    data = zipped([("b.csv", MORE), ("读我.txt", b"?"), ("甲/a.CSV", CSV), ("__MACOSX/b.csv", b"\0"), ("甲/", b"")])
    seen = read_bytes(data, kind="csv", container="zip", members="*.csv")
    assert seen.rows == [["丙", "3"], ["甲", "1"], ["乙", "2"]]
    assert seen.numbers == [1, 2, 3]
    assert seen.account == (6, 3, 1, 2, 0, 0)
    assert seen.reading.header == ("名称", "金额")


def test_members_may_differ_in_their_encoding(read_bytes):
    data = zipped([("a.csv", CSV), ("b.csv", MORE.decode().encode("gb18030"))])
    seen = read_bytes(data, kind="csv", container="zip")
    assert (len(seen.rows), seen.reading.encoding) == (3, "utf-8, gb18030")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_that_say_no_encoding_are_utf_8_or_gbk(read_bytes, refusal, encoding):
    name = "处罚一.csv"
    data = named_in(zipped([("x" * len(name.encode(encoding)), CSV)]), name, encoding)
    assert len(read_bytes(data, kind="csv", container="zip", members="处罚*.csv").rows) == 2
    error = refusal(data, container="zip", title_rows=9)
    assert error.seen.startswith("处罚一.csv: ")


def test_a_workbook_in_an_archive(read_bytes, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["名称"])
    book.active.append(["甲"])
    book.save(tmp_path / "a.xlsx")
    data = zipped([("a.xlsx", (tmp_path / "a.xlsx").read_bytes())])
    assert read_bytes(data, kind="xlsx", container="zip").rows == [["甲"]]


def linked(member):
    member.external_attr = 0o120777 << 16


@pytest.mark.parametrize(
    ("data", "spec", "reason"),
    [
        pytest.param(b"", {"container": "zip"}, "empty_file", id="empty"),
        pytest.param(CSV, {"container": "zip"}, "not_a_container", id="no zip"),
        pytest.param(CSV, {"container": "gzip"}, "not_a_container", id="no gzip"),
        pytest.param(gzip.compress(CSV), {"container": "zip"}, "not_a_container", id="gzip declared as zip"),
        pytest.param(gzip.compress(CSV)[:-9], {"container": "gzip"}, "truncated", id="gzip cut"),
        pytest.param(gzip.compress(CSV)[:-8] + bytes(8), {"container": "gzip"}, "damaged", id="gzip with a wrong sum"),
        pytest.param(gzip.compress(CSV) + b"debris", {"container": "gzip"}, "damaged", id="gzip and more"),
        pytest.param(gzip.compress(gzip.compress(CSV)), {"container": "gzip"}, "nested_archive", id="gzip in gzip"),
        pytest.param(zipped([("a.zip", zipped([("a", CSV)]))]), {"container": "zip"}, "nested_archive", id="zip in zip"),
        pytest.param(zipped([("a.csv", CSV)])[:-30], {"container": "zip"}, "damaged", id="zip cut"),
        pytest.param(zipped([("a.txt", CSV)]), {"container": "zip", "members": "*.csv"}, "no_such_member", id="no match"),
        pytest.param(zipped([]), {"container": "zip"}, "no_such_member", id="nothing in it"),
        pytest.param(zipped([("/etc/a.csv", CSV)]), {"container": "zip"}, "unsafe_member", id="absolute name"),
        pytest.param(zipped([("a/../../b.csv", CSV)]), {"container": "zip"}, "unsafe_member", id="name that climbs"),
        pytest.param(zipped([("..\\b.csv", CSV)]), {"container": "zip"}, "unsafe_member", id="name that climbs in Windows"),
        pytest.param(zipped([("C:\\b.csv", CSV)]), {"container": "zip"}, "unsafe_member", id="drive"),
        pytest.param(zipped([("a\nb.csv", CSV)]), {"container": "zip"}, "unsafe_member", id="line end in a name"),
        pytest.param(zipped([("a.csv", b"b.csv")], change=linked), {"container": "zip"}, "unsafe_member", id="link"),
        pytest.param(zipped([("a", CSV)], zipfile.ZIP_BZIP2), {"container": "zip"}, "damaged", id="method of few readers"),
        pytest.param(zipped([("a", CSV), ("b", b"")]), {"container": "zip"}, "empty_file", id="one member empty"),
        pytest.param(zipped([("a", CSV), ("b", b"x,y\n")]), {"container": "zip"}, "headers_differ", id="two layouts"),
        pytest.param(zipped([("a", bytes(10_000_000))]), {"container": "zip"}, "bomb", id="ratio"),
        pytest.param(gzip.compress(bytes(10_000_000)), {"container": "gzip"}, "bomb", id="ratio of gzip"),
    ],
)
def test_a_container_that_raises_doubt_is_not_read(refusal, data, spec, reason):
    assert refusal(data, **spec).reason == reason


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(refusal):
    assert refusal(zipped([("a.csv", CSV), ("a.csv", MORE)]), container="zip").reason == "duplicate_member"


def test_a_password_is_seen_before_anything_is_inflated(refusal):
    data = bytearray(zipped([("a.csv", CSV)]))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    assert refusal(bytes(data), container="zip").reason == "encrypted"


def test_a_directory_that_says_too_little_bounds_what_is_inflated(refusal):
    """The sizes in the directory are what somebody wrote there."""
    data = bytearray(zipped([("a.csv", b"a,b\n" + b"1,2\n" * 100_000)]))
    directory = data.index(b"PK\1\2")
    data[directory + 24 : directory + 28] = (8).to_bytes(4, "little")
    assert refusal(bytes(data), container="zip").reason == "damaged"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        pytest.param(Limits(max_members=1), "2 members, at most 1", id="members"),
        pytest.param(Limits(max_contained_bytes=30), "says it holds 47 bytes, at most 30", id="bytes"),
    ],
)
def test_limits_of_an_archive(refusal, limits, said):
    error = refusal(zipped([("a", CSV), ("b", MORE)]), limits, container="zip")
    assert (error.reason, error.seen) == ("bomb", said)


def test_bytes_of_a_gzip_file_are_limited_as_they_come(refusal):
    error = refusal(gzip.compress(CSV), Limits(max_contained_bytes=10), container="gzip")
    assert (error.reason, error.seen) == ("bomb", f"inflates to {len(CSV)} bytes, at most 10")


def test_what_is_wrong_in_a_member_names_it(refusal):
    error = refusal(zipped([("a.csv", CSV), ("b.csv", b'a,b\n1,"2\n')]), container="zip")
    assert error.reason == "stray_quote"
    assert str(error).startswith("delivery.dat: b.csv: an unclosed quote")
