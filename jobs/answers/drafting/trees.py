"""Where the records of a tree are: the path of a JSON document, the tag of an XML one."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from jobs.readers import FormatSpec, Limits, Unreadable
from jobs.readers.inspect import Encoding, decoded
from jobs.readers.json_text import DECODER

Told = tuple[FormatSpec, dict[str, str]]


def whole(path: Path, limits: Limits) -> None:
    if path.stat().st_size > limits.max_whole_bytes:
        raise Unreadable("too_large", path, f"{path.stat().st_size} bytes; give a part of it as the example")


def json_of(path: Path, encoding: Encoding, said: dict, limits: Limits) -> Told:
    """JSON lines where each line is an object, else the path of the array that holds most objects."""
    whole(path, limits)
    text = "".join(decoded(path, encoding)).strip()
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines[:3]):
        DECODER.decode(lines[0].strip())
        return FormatSpec(kind="jsonl", **said), {}
    found = sorted(arrays(DECODER.decode(text), ""), key=lambda one: (-one[1], len(one[0])))
    if not found:
        raise Unreadable("no_records", path, "no array of objects is in it")
    doubt = {"records": f"further arrays of objects: {', '.join(place for place, _ in found[1:4])}"} if len(found) > 1 else {}
    return FormatSpec(kind="json", records=found[0][0], **said), doubt


def arrays(value: object, path: str) -> Iterator[tuple[str, int]]:
    """Every array of objects with how many it holds; those inside the objects of an array are told by the first that has one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from arrays(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield f"{path}[]", len(value)


def xml(path: Path, limits: Limits) -> Told:
    """The tag of the elements that are many beside each other and hold others."""
    whole(path, limits)
    counts: Counter[tuple[int, str]] = Counter()
    try:
        for _, element in etree.iterparse(path, events=("end",), no_network=True, resolve_entities=False, load_dtd=False):
            if isinstance(element.tag, str) and (len(element) or element.attrib) and element.getparent() is not None:
                depth = sum(1 for _ in element.iterancestors())
                counts[depth, etree.QName(element).localname] += 1
    except etree.XMLSyntaxError as error:
        raise Unreadable("damaged", path, f"no document can be made of it ({error.msg})") from error
    if not counts:
        raise Unreadable("no_records", path, "no element of it holds others")
    (_, tag), times = min(counts.items(), key=lambda one: (-one[1], one[0]))
    doubt = {} if times > 1 else {"records": "only one such element is in the examples"}
    return FormatSpec(kind="xml", records=tag), doubt
