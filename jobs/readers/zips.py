"""What is asked of a zip archive, workbook or container, before anything in it is inflated, and while it is."""

import struct
import zipfile
import zlib
from pathlib import Path

from jobs.readers.reading import Unreadable
from jobs.readers.spec import Limits

ENCRYPTED_FLAG = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What Python meets a broken archive with, in its directory or in a member.
BROKEN = (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError, ValueError, struct.error)


def opened(path: Path, limits: Limits, most: int) -> zipfile.ZipFile:
    """The archive, whose directory raises no doubt and speaks of at most so many bytes."""
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise damaged(path, error) from error
    members, size = archive.infolist(), path.stat().st_size
    if len(members) > limits.max_members:
        raise Unreadable("bomb", path, f"{len(members)} members, at most {limits.max_members}")
    if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
        raise Unreadable("encrypted", path, "a zip archive under a password")
    if not all(0 <= member.header_offset < size for member in members):
        raise Unreadable("damaged", path, "a zip archive whose directory points outside it")
    method = next((member.compress_type for member in members if member.compress_type not in METHODS), None)
    if method is not None:
        raise Unreadable("damaged", path, f"a member compressed by method {method}, which is neither stored nor deflated")
    check_size(path, sum(member.file_size for member in members), limits, most, "says it holds")
    return archive


def damaged(path: Path, error: Exception) -> Unreadable:
    """Why a zip archive that begins like one cannot be read."""
    return Unreadable("damaged", path, f"begins like a zip archive and is not a whole one ({error})")


def check_size(path: Path, expanded: int, limits: Limits, most: int, verb: str) -> None:
    """Returns while what a file expands to is within its limits."""
    size = path.stat().st_size
    if expanded > most:
        raise Unreadable("bomb", path, f"{verb} {expanded} bytes, at most {most}")
    if expanded > size * limits.max_ratio:
        raise Unreadable("bomb", path, f"{verb} {expanded} bytes in {size}, at most {limits.max_ratio} times as many")
