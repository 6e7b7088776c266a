"""Numbers as readers write them: 3.1e22, 280B, 57 %, May 2020; localised by Babel."""

from __future__ import annotations

import math
from typing import SupportsFloat

from babel.dates import format_date
from babel.numbers import format_decimal

from components.core.i18n import gettext as _
from components.core.i18n import language

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NO_BREAK = "\u00a0"
Z_95 = 1.959964
"""Standard errors on either side of a 95 % interval."""
_SI = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))


def decimal(value: SupportsFloat, digits: int = 2) -> str:
    """A plain number with at most `digits` decimals."""
    return format_decimal(round(float(value), digits), format=f"#,##0.{'#' * digits}", locale=language())


def percent(fraction: SupportsFloat, digits: int = 0) -> str:
    """A fraction in percent; no line breaks between number and sign."""
    return unbroken(_("{number} %").format(number=decimal(100 * float(fraction), digits)))


def probability(value: SupportsFloat, digits: int = 1) -> str:
    """A probability in percent; never 0 or 100 % by rounding alone."""
    share, least = float(value), 0.5 * 10 ** -(digits + 2)
    if 1 - least < share:
        return unbroken(_("over {number}").format(number=percent(1 - 2 * least, digits)))
    if share < least:
        return unbroken(_("under {number}").format(number=percent(2 * least, digits)))
    return percent(share, digits)


def odds(value: float, digits: int = 3) -> str:
    """A probability, shortened towards one half: it never shows a cut-off that it has not reached."""
    unit = 10**digits
    short = (math.floor(value * unit + 1e-9) if value > 0.5 else math.ceil(value * unit - 1e-9)) / unit
    if value > 1 - 1 / unit:
        return _("over {number}").format(number=decimal(1 - 1 / unit, digits))
    if value < 1 / unit:
        return _("under {number}").format(number=decimal(1 / unit, digits))
    return decimal(short, digits)


def unbroken(text: str) -> str:
    """`text` that stays on one line."""
    return text.replace(" ", NO_BREAK)


def after_sign(sign: str, text: str) -> str:
    """`text`, which begins with a sign and a space, without a line break between the two."""
    return text.replace(f"{sign} ", f"{sign}{NO_BREAK}", 1) if text.startswith(f"{sign} ") else text


def scientific(value: SupportsFloat, digits: int = 1) -> str:
    """A large or tiny number as 3.1 × 10²²."""
    number = float(value)
    if number == 0 or not math.isfinite(number):
        return decimal(number) if number == 0 else "∞"
    exponent = math.floor(math.log10(abs(number)))
    mantissa = round(number / 10.0**exponent, digits)
    if abs(mantissa) >= 10:
        mantissa, exponent = mantissa / 10, exponent + 1
    power = f"10{str(exponent).translate(_SUPERSCRIPT)}"
    return power if mantissa == 1 else unbroken(f"{decimal(mantissa, digits)} × {power}")


def short(value: SupportsFloat, digits: int = 3) -> str:
    """A count with its SI letter: 1.3B, 280B, 1.4T."""
    number = float(value)
    for unit, letter in _SI:
        if abs(number) >= unit * 0.9995:
            return f"{significant(number / unit, digits)}{letter}"
    return significant(number, digits)


def significant(value: SupportsFloat, digits: int = 3) -> str:
    """`value` to so many significant digits, without trailing zeros."""
    number = float(value)
    if number == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(number))))
    return decimal(number, places)


def month(decimal_year: SupportsFloat) -> str:
    """A decimal year as a month: May 2020."""
    import datetime  # noqa: PLC0415

    year, fraction = divmod(float(decimal_year), 1)
    if not 1 <= year <= 9999:
        return decimal(decimal_year, 1)
    date = datetime.date(int(year), min(12, int(fraction * 12) + 1), 1)
    return str(format_date(date, _("MMM y"), locale=language()))


def on_axis(value: SupportsFloat, axis: str) -> str:
    """`value` with the unit of an x-axis, for sentences and hover text."""
    number = bare(value, axis)
    if axis == "flops":
        return _("{number} FLOPs").format(number=number)
    if axis == "params":
        return _("{number} parameters").format(number=number)
    if axis == "tokens":
        return _("{number} tokens").format(number=number)
    if axis == "perplexity":
        return _("perplexity {number}").format(number=number)
    if axis == "capability":
        return _("capability {number}").format(number=number)
    return number


def bare(value: SupportsFloat, axis: str) -> str:
    """`value` as the x-axis writes it, without the unit."""
    number = float(value)
    if axis == "flops":
        return scientific(number)
    if axis in ("params", "tokens"):
        return short(number)
    if axis == "date":
        return month(number)
    return significant(number) if axis == "perplexity" else decimal(number, 2)
