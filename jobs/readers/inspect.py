"""What a file is before it is read: size, digest, what it looks like, its encoding."""

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from jobs.readers.reading import Unreadable
from jobs.readers.spec import FormatSpec, Limits

# Larger blocks leave the processor's cache and are given back to the system each time: a third slower.
BLOCK = 256 * 1024
HEAD = 8 * 1024

UTF16 = "UTF-16 text"
SIGNATURES = (
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "a zip archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a compound file of an old Office program"),
    (b"%PDF-", "a PDF"),
    (b"\x1f\x8b", "a gzip file"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"PAR1", "a Parquet file"),
    (b"\xff\xfe", UTF16),
    (b"\xfe\xff", UTF16),
)
HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta")


@dataclass(frozen=True)
class Inspection:
    """A file's size in bytes, its SHA-256 as hexadecimal digits, and what its first bytes look like."""

    size: int
    sha256: str
    looks_like: str


def inspect(path: Path, limits: Limits) -> Inspection:
    """The measure of a file, read in blocks; `too_large` past limits.max_bytes."""
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise Unreadable("too_large", path, f"{size} bytes, at most {limits.max_bytes} are read")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Inspection(size, digest, looks_like(path))


def looks_like(path: Path) -> str:
    """What the first bytes of a file say it is; "text" when nothing says otherwise."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return "empty"
    for signature, meaning in SIGNATURES:
        if head.startswith(signature):
            return meaning
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(HTML_STARTS):
        return "an HTML page"
    if start.startswith(b"<?xml"):
        return "an XML document"
    return "binary data" if b"\0" in head else "text"


def text_or_unreadable(path: Path, spec: FormatSpec, *fitting: str) -> None:
    """Returns when the file may hold text that looks like one of `fitting`."""
    seen = looks_like(path)
    if seen == "empty":
        raise Unreadable("empty_file", path, "zero bytes")
    of_encoding = {"detect": (UTF16, *fitting), "utf-16": (UTF16, "binary data")}  # without its mark UTF-16 looks binary
    if seen not in of_encoding.get(spec.encoding, fitting):
        raise Unreadable("not_text", path, f"looks like {seen}, declared as {spec.kind} in encoding {spec.encoding}")


@dataclass(frozen=True)
class Encoding:
    """The name of an encoding; where it was detected and is not UTF-8, why not."""

    name: str
    not_utf8: str = ""


def decide_encoding(path: Path, declared: str) -> Encoding:
    """The encoding to read with: the declared one, else UTF-16 by its mark, UTF-8 when the whole file is it, or GB18030.

    Whether GB18030 holds is proved by `decoded`, which is as strict: the file is decoded once, not twice.
    """
    if declared != "detect":
        return Encoding(declared)
    # No text in UTF-8 or GB18030 begins with these bytes.
    if looks_like(path) == UTF16:
        return Encoding("utf-16")
    try:
        for _ in utf8_blocks(path, Encoding("utf-8")):
            pass
    except Unreadable as error:
        # A cut last character is a truncated UTF-8 file; GB18030 would read it as other characters.
        if error.reason == "truncated":
            raise
        return Encoding("gb18030", not_utf8=error.seen)
    return Encoding("utf-8")


def utf8_blocks(path: Path, encoding: Encoding) -> Iterator[bytes]:
    """The text of a file in blocks of UTF-8, strictly checked, without byte order mark."""
    if encoding.name != "utf-8":
        yield from (text.encode() for text in decoded(path, encoding))
        return
    rest, first = b"", True
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            data = rest + block
            whole = whole_characters(data)
            if not _is_utf8(data[:whole]):
                break
            rest = data[whole:]
            if whole:
                yield data[:whole].removeprefix(codecs.BOM_UTF8) if first else data[:whole]
                first = False
        else:
            if not rest:
                return
    # Python's decoder is slower, and names the byte.
    for _ in decoded(path, encoding):
        pass
    raise Unreadable("wrong_encoding", path, "not utf-8")


def whole_characters(data: bytes) -> int:
    """How many bytes of UTF-8 are there but for a character whose end is not."""
    for back in range(1, min(len(data), 3) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            wanted = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return len(data) - back if back < wanted else len(data)
        if byte < 0x80:
            break
    return len(data)


def _is_utf8(data: bytes) -> bool:
    offsets = pa.py_buffer(np.array([0, len(data)], np.int32))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def decoded(path: Path, encoding: Encoding) -> Iterator[str]:
    """The text of a file in blocks, strictly decoded, without byte order mark."""
    decoder = codecs.getincrementaldecoder(encoding.name)()
    offset, first = 0, True
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            held = len(decoder.getstate()[0])
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise _undecodable(path, encoding, offset - held, error, at_end=not block) from error
            offset += len(block)
            if text:
                yield text.removeprefix("\ufeff") if first else text
                first = False
            if not block:
                return


def _undecodable(path: Path, encoding: Encoding, base: int, error: UnicodeDecodeError, at_end: bool) -> Unreadable:
    where = f"byte {base + error.start} ({error.object[error.start : error.end].hex(' ')})"
    if at_end and not encoding.not_utf8:
        return Unreadable("truncated", path, f"ends at {where} in the middle of a {encoding.name} character")
    also = f", and {encoding.not_utf8}" if encoding.not_utf8 else ""
    return Unreadable("wrong_encoding", path, f"{where} is not {encoding.name}{also}")
