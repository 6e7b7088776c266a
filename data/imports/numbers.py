"""Numbers as people write them: percent signs, thousands and decimal commas, sizes such as 7B.

A number comes out as the text of the same number without its dress, so that a score is its cell and nothing else.
Text that is no number comes out as it is, for the schema to name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

UNKNOWN = {"", "-", "–", "—", "n/a", "na", "nan", "none", "null", "?", "unknown", "not stated", "not reported", "tbd"}
UNITS = {"k": 3, "thousand": 3, "m": 6, "mm": 6, "million": 6, "mio": 6, "b": 9, "bn": 9, "g": 9, "billion": 9,
         "t": 12, "tn": 12, "trillion": 12}  # fmt: skip
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d*,\d+")
_SPACES = re.compile(r"(?<=\d)[\u00a0\u202f\u2009' _](?=\d{3}(?!\d))")
_COMMAS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_DOTS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_SIZE = re.compile(r"([\d.,'\s\u00a0\u202f]*\d(?:[eE][+-]?\d+)?)\s*([a-z]+)?(?:\s*(?:param(?:eter)?s?|tokens?))?\.?")
_TRAILING = re.compile(r"(.*\d)\s*\([^()]*\)")  # a remark behind the number: 82.00 (7/8)
_MARKS = "↑↓⬆⬇±️*†‡ "


@dataclass(frozen=True)
class Style:
    """How a table writes its numbers."""

    comma: bool = False  # a decimal comma, dots between thousands


def styles(rows: Sequence[Sequence[str]], width: int) -> list[Style]:
    """The style of each column of a table: as its own cells show, else as the table's other columns do."""
    shown = [_shown(row[at] for row in rows) for at in range(width)]
    comma, point = any(one[0] for one in shown), any(one[1] for one in shown)
    return [Style(comma=own and not mixed if own or mixed else comma and not point) for own, mixed in shown]


def _shown(cells: Iterable[str]) -> tuple[bool, bool]:
    """Whether some cell has a decimal comma and can be nothing else, and whether some cell has a decimal point."""
    comma = point = False
    for cell in cells:
        if "," in cell or "." in cell:
            text = bare(cell)[0]
            comma |= bool(_COMMA.fullmatch(text)) and not _COMMAS.fullmatch(text)
            point |= "." in text and bool(_PLAIN.fullmatch(text)) and not _DOTS.fullmatch(text)
    return comma, point


def bare(cell: str) -> tuple[str, bool]:
    """A cell without percent sign, marks and remarks, and whether it had a percent sign."""
    text = cell.strip().strip(_MARKS).strip()
    behind = _TRAILING.fullmatch(text)
    text = behind[1].strip() if behind else text
    percent = text.endswith(("%", "％"))
    return (text.rstrip("%％").strip() if percent else text), percent


def unknown(cell: str) -> bool:
    """Whether a cell says that nothing is known."""
    return cell.strip().casefold() in UNKNOWN


def plain(cell: str, written: Style) -> str:
    """The number of a cell as Python reads it; the cell itself if it is no number."""
    if _PLAIN.fullmatch(cell):
        return cell
    text = _SPACES.sub("", bare(cell)[0])
    if written.comma:
        if _DOTS.fullmatch(text):
            return text.replace(".", "").replace(",", ".")
        return text.replace(",", ".") if _COMMA.fullmatch(text) else text if _PLAIN.fullmatch(text) else cell
    if _PLAIN.fullmatch(text):
        return text
    if _COMMAS.fullmatch(text) and (text.count(",") > 1 or "." in text):
        return text.replace(",", "")
    return text.replace(".", "") if _DOTS.fullmatch(text) and text.count(".") > 1 else cell


def ambiguous(cell: str, written: Style) -> tuple[str, str] | None:
    """The two readings of a cell such as 1,234 where nothing else tells thousands from decimals."""
    text = bare(cell)[0]
    if not written.comma and text.count(",") == 1 and _COMMAS.fullmatch(text) and "." not in text:
        return text.replace(",", "."), text.replace(",", "")
    return None


def is_number(cell: str, written: Style) -> bool:
    """Whether a cell holds a number in some dress."""
    return bool(_PLAIN.fullmatch(plain(cell, written)))


def size(cell: str, written: Style, unit: int = 0) -> str:
    """A number of parameters, tokens or operations, as digits: 7B, 13 billion, 1.3e9; `unit` is the header's power of ten.

    A cell that is a plain number in no unit stays as it is written.
    """
    if unknown(cell):
        return ""
    if not unit and _PLAIN.fullmatch(cell):
        return cell
    found = _SIZE.fullmatch(cell.strip().lower())
    if not found or (found[2] and found[2] not in UNITS):
        return cell
    digits = found[1].strip()
    number = plain(digits, written)
    if number == digits and (two := ambiguous(digits, written)):
        number = two[0] if found[2] else two[1]  # 1,3 billion is never 13; 1,300 alone is a count
    try:
        value = Decimal(number).scaleb(UNITS[found[2]] if found[2] else unit)
    except InvalidOperation:
        return cell
    return digits_of(value) if value.is_finite() else cell


def digits_of(value: Decimal) -> str:
    """A number without exponent and without zeros behind the point."""
    if not value:
        return "0"
    if abs(value.adjusted()) > 60:
        return str(value)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def hundredth(cell: str) -> str:
    """A percentage as a fraction, exactly; the cell itself if it is no number."""
    try:
        value = Decimal(cell)
    except InvalidOperation:
        return cell
    return digits_of(value / 100) if value.is_finite() else cell
