"""Tables to take along as CSV, Markdown and LaTeX; nothing in them executes, and nothing in them breaks a table."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

# OWASP's list of characters that make a spreadsheet read a cell as a formula, with their full-width twins.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")

_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "×": r"$\times$",
    "−": r"$-$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "±": r"$\pm$",
    "·": r"$\cdot$",
    "–": "--",
    "\N{NARROW NO-BREAK SPACE}": r"\,",
    "\N{THIN SPACE}": r"\,",
    "\N{NO-BREAK SPACE}": "~",
}
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SUPERSCRIPT_RUN = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
# Characters with a meaning anywhere in Markdown, and underscores where they could open or close emphasis.
_MARKDOWN = re.compile(r"[\\|*`<>\[\]~]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_SPACE = re.compile(r"\s+")


def to_csv(frame: pd.DataFrame) -> str:
    """CSV at full precision that a spreadsheet opens without executing anything.

    Text cells and column names that look like formulas get a leading quote; numbers stay numbers.
    """
    safe = frame.copy()
    for place, column in enumerate(safe.columns):
        if not pd.api.types.is_numeric_dtype(safe.dtypes.iloc[place]):
            safe[column] = [neutral(_one_line_end(cell)) for cell in safe[column]]
    safe.columns = pd.Index([neutral(column) for column in safe.columns])
    return str(safe.to_csv(index=False, lineterminator="\n"))


def neutral(cell: Any) -> Any:
    """OWASP's rule against formula injection: a leading quote where a text begins like a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _one_line_end(cell: Any) -> Any:
    """Lines of a cell end in one way: a lone carriage return would end the row in many readers."""
    return cell.replace("\r\n", "\n").replace("\r", "\n") if isinstance(cell, str) else cell


def to_markdown(frame: pd.DataFrame, *, digits: int = 4) -> str:
    """A table in GitHub's Markdown, numbers to so many significant digits and aligned to the right."""
    header = [_markdown(str(column)) for column in frame.columns]
    rule = ["---:" if _is_number(kind) else "---" for kind in frame.dtypes]
    rows = [[_markdown(_text(cell, digits)) for cell in row] for row in _rows(frame)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *rows)) + "\n"


def to_latex(frame: pd.DataFrame, *, caption: str = "", label: str = "", digits: int = 4) -> str:
    """A `booktabs` table; large and tiny numbers are written as powers of ten."""
    columns = "".join("r" if _is_number(kind) else "l" for kind in frame.dtypes)
    lines = [r"% \usepackage{booktabs}", r"\begin{table}", r"\centering"]
    if caption:
        lines.append(rf"\caption{{{latex_text(caption)}}}")
    if label:
        lines.append(rf"\label{{tab:{re.sub('[^a-z0-9-]', '-', label.lower())}}}")
    lines += [rf"\begin{{tabular}}{{{columns}}}", r"\toprule"]
    lines.append(" & ".join(latex_text(str(column)) for column in frame.columns) + r" \\")
    lines.append(r"\midrule")
    lines += [" & ".join(_latex_cell(cell, digits) for cell in row) + r" \\" for row in _rows(frame)]
    lines += [r"\bottomrule", r"\end{tabular}", r"\end{table}"]
    return "\n".join(lines) + "\n"


def latex_text(text: str) -> str:
    """`text` with everything escaped that LaTeX would read as a command; superscript digits as a power."""
    pieces = []
    for piece in re.split("([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", _SPACE.sub(" ", text)):
        if _SUPERSCRIPT_RUN.fullmatch(piece):
            pieces.append(rf"$^{{{piece.translate(_SUPERSCRIPTS)}}}$")
        else:
            pieces.append("".join(_LATEX.get(char, char) for char in piece if char.isprintable()))
    return "".join(pieces)


def _rows(frame: pd.DataFrame) -> Sequence[tuple[Any, ...]]:
    return list(frame.itertuples(index=False, name=None))


def _is_number(kind: Any) -> bool:
    return bool(pd.api.types.is_numeric_dtype(kind)) and not bool(pd.api.types.is_bool_dtype(kind))


def _missing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell))


def _text(cell: Any, digits: int) -> str:
    if _missing(cell):
        return ""
    return f"{cell:.{digits}g}" if isinstance(cell, float) else str(cell)


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(lambda match: f"\\{match[0]}", _SPACE.sub(" ", text).strip())


def _latex_cell(cell: Any, digits: int) -> str:
    text = _text(cell, digits)
    if not isinstance(cell, float):
        return latex_text(text)
    mantissa, found, exponent = text.partition("e")
    if not found:
        return text.replace("-", "$-$").replace("inf", r"$\infty$")
    return rf"${mantissa} \times 10^{{{int(exponent)}}}$"
