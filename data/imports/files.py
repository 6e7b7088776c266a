"""From the bytes of an upload to its text and JSON: kinds, encodings, what is cut off, keys that stand twice."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pyarrow as pa

from data.findings import Finding, finding
from data.imports.base import File, RefusedError, clean

MOST_BYTES = 5_000_000
MOST_RATIO = 400  # of a header in a zip archive; text of numbers stays far below
MAGIC = (
    (b"PAR1", "parquet"), (b"\x1f\x8b", "gzip"), (b"\x80\x02", "pickle"), (b"\x80\x03", "pickle"),
    (b"\x80\x04", "pickle"), (b"\x80\x05", "pickle"), (b"%PDF", "pdf"),
)  # fmt: skip
OLD_WORKBOOK, ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
HEADER = "header.json"  # of an .eval log
ZSTD, STORED, DEFLATED = 93, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
TWICE = "\0twice"  # where an object of JSON remembers the keys that it had twice


def opened(name: str, content: bytes) -> tuple[File, list[Finding]]:
    """A file with its text and JSON, and what is to be said of how it was read; raises RefusedError."""
    if len(content) > MOST_BYTES:
        raise RefusedError("too_big", size=f"{len(content) / 1e6:.1f}", limit=f"{MOST_BYTES / 1e6:.0f}")
    if content.startswith(ZIP):
        text, said = _header_of_log(content), list[Finding]()
    else:
        text, said = _decoded(name, content)
    if not text.strip():
        raise RefusedError("empty")
    if text.lstrip()[0] not in "[{":
        return File(name, text), said
    data = _json(text)
    for key, where in twice(data):
        said.append(finding("key_twice", file=name, key=clean(key)[:60], where=clean(where)[:120] or "{}"))
    return File(name, text, data), said


def _decoded(name: str, content: bytes) -> tuple[str, list[Finding]]:
    for magic, kind in MAGIC:
        if content.startswith(magic):
            raise RefusedError("kind", kind=finding(kind))
    if content.startswith(OLD_WORKBOOK):
        raise RefusedError("workbook")
    encoding = UTF16.get(content[:2], "utf-8-sig")
    if encoding == "utf-8-sig" and b"\0" in content:
        raise RefusedError("nul")
    try:
        return content.decode(encoding), []
    except UnicodeDecodeError as error:
        place = {"row": content.count(b"\n", 0, error.start) + 1, "place": error.start}
        text = content.decode("latin-1")
        if encoding != "utf-8-sig" or re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", text):
            raise RefusedError("not_utf8", **place) from None
        return text, [finding("latin1", file=name, **place)]


def _header_of_log(content: bytes) -> str:
    """The header of an .eval log: the only zip archive that is opened, and the only file of it that is read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = {member.filename: member for member in archive.infolist()}
            if HEADER not in members:
                book = any(name.startswith(("xl/", "[Content_Types]")) for name in members)
                raise RefusedError("workbook" if book else "archive")
            header = members[HEADER]
            packed = _packed(content, header)
            limit = min(MOST_BYTES, MOST_RATIO * max(len(packed), 1))
            text = _inflated(packed, header.compress_type, limit)
    except RefusedError:
        raise
    except Exception as error:  # zipfile raises what it likes on hostile input
        raise RefusedError("broken_archive", reason=clean(str(error))[:80]) from None
    if len(text) > limit:
        raise RefusedError("inflates", limit=f"{limit / 1e6:.0f}")
    return text.decode("utf-8", "replace")


def _packed(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """The bytes of a member as they lie in the archive (its local header is 30 bytes, a name and an extra field)."""
    start = member.header_offset
    name, extra = (int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28))
    begin = start + 30 + name + extra
    return content[begin : begin + member.compress_size]


def _inflated(packed: bytes, method: int, limit: int) -> bytes:
    """At most `limit` + 1 bytes of what is packed. Inspect packs by Zstandard, which zipfile learns in Python 3.14."""
    if method == STORED:
        return packed[: limit + 1]
    if method == ZSTD:
        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
            return bytes(stream.read(limit + 1))
    if method == DEFLATED:
        import zlib  # noqa: PLC0415

        return zlib.decompressobj(-15).decompress(packed, limit + 1)
    raise zipfile.BadZipFile(f"compression {method}")


def _json(text: str) -> Any:
    """The JSON of a text, its objects with the keys that they had twice; text with an object a line becomes a list."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and lines[0].strip().endswith("}") and lines[0].lstrip().startswith("{"):
            try:
                return [json.loads(line, object_pairs_hook=_object) for line in lines]
            except (ValueError, RecursionError) as in_lines:
                error = in_lines if not isinstance(error, json.JSONDecodeError) or _many_objects(error) else error
        raise _refusal(text, error) from None


def _many_objects(error: json.JSONDecodeError) -> bool:
    return error.msg.startswith("Extra data")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of keys that stand twice neither value, for nobody knows which was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        again = {key for key, _ in pairs if key in seen or seen.add(key)}  # type: ignore[func-returns-value]
        found = {key: value for key, value in found.items() if key not in again}
        found[TWICE] = sorted(again)
    return found


def twice(data: Any) -> Iterator[tuple[str, str]]:
    """(key, place) of each key that stood twice; the marks are taken out of `data`."""
    waiting = [(data, "")]
    while waiting:
        value, where = waiting.pop()
        if isinstance(value, dict):
            for key in value.pop(TWICE, ()):
                yield key, where
            waiting += [(inner, f"{where}.{key}".lstrip(".")) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(inner, f"{where}[{at}]") for at, inner in enumerate(value)]


def _refusal(text: str, error: Exception) -> RefusedError:
    """What is wrong with JSON that cannot be read: which format it looks like, and whether it was cut off."""
    from data.imports.formats import hinted  # noqa: PLC0415 - the formats know files, and files only their names

    looks = hinted(text)
    if looks and isinstance(error, json.JSONDecodeError):
        total = len(text.encode("utf-8", "replace"))
        if _ends_there(text, error):
            return RefusedError("cut_off", format=looks, byte=f"{total:,}")
        byte = len(text[: error.pos].encode("utf-8", "replace"))
        return RefusedError("broken_format", format=looks, byte=f"{byte:,}", line=error.lineno)
    return RefusedError("bad_json", reason=clean(str(error)[:80]))


def _ends_there(text: str, error: json.JSONDecodeError) -> bool:
    """Whether the text is the beginning of something whole: it fails at its end, or in a text or number that ends it."""
    if error.msg.startswith("Unterminated string"):
        return True
    rest = text[error.pos :].strip()
    return len(rest) < 6 and not re.search(r"[\]{}\[]", rest)
