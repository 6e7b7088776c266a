"""Widgets bound to fields of the view state.

A widget shows what the URL says and writes its change back to the URL; it owns no state. So reload, back
button and pasted link need no code of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from components.core.i18n import gettext as _
from components.core.state import AXES, SHARPNESSES, VERDICTS
from components.core.verdicts import SHARPNESS_HELP, SHARPNESS_NAMES, VERDICT_HELP, VERDICT_ICONS, VERDICT_NAMES
from components.core.vocabulary import axis_name
from components.frame.shell import Page

Format = Callable[[Any], str]


def _bind(page: Page, field: str, value: Any, to_state: Callable[[Any], Any] = lambda value: value) -> dict[str, Any]:
    """Key and callback that tie a widget to `field`: the state goes in, a change goes to the URL."""
    key = f"{page.name}.{field}"
    st.session_state[key] = value

    def changed() -> None:
        page.go(**{field: to_state(st.session_state[key])})

    return {"key": key, "on_change": changed}


def choice(
    page: Page, field: str, label: str, options: Sequence[Any], *, value: Any = None, default: Any = None,
    names: Format = str, help: str | None = None,
) -> None:  # fmt: skip
    """A searchable drop-down list. `value` is what is shown; choosing `default` clears the field."""
    shown = getattr(page.state, field) if value is None else value
    empty: Any = () if isinstance(getattr(page.state, field), tuple) else ""

    def to_state(chosen: Any) -> Any:
        if chosen is None or (default is not None and chosen == default):
            return empty
        return (chosen,) if empty == () else chosen

    st.selectbox(label, list(options), format_func=names, help=help, **_bind(page, field, shown, to_state))


def segments(
    page: Page,
    field: str,
    label: str,
    options: Sequence[Any],
    *,
    value: Any = None,
    names: Format = str,
    help: str | None = None,
) -> None:
    """A row of exclusive buttons. `value` is what is pressed if the state leaves it to the page."""
    bound = _bind(page, field, getattr(page.state, field) if value is None else value)
    st.segmented_control(label, list(options), format_func=names, required=True, help=help, wrap=True, **bound)


def several(
    page: Page, field: str, label: str, options: Sequence[Any], *, value: Sequence[Any], names: Format = str,
    help: str | None = None,
) -> None:  # fmt: skip
    """A searchable list of which several may be chosen; `value` is what is shown."""
    bound = _bind(page, field, list(value), tuple)
    st.multiselect(label, list(options), format_func=names, help=help, placeholder=_("Search and choose"), **bound)


def number(page: Page, field: str, label: str, low: Any, high: Any, *, step: Any = 1, help: str | None = None,
           format: str | None = None) -> None:  # fmt: skip
    """A slider over the usual range; a value of the URL beyond it widens the range."""
    value = getattr(page.state, field)
    bound = _bind(page, field, value)
    st.slider(label, min(low, value), max(high, value), step=step, help=help, format=format, **bound)


def stops(page: Page, field: str, label: str, options: Sequence[Any], *, names: Format = str,
          help: str | None = None) -> None:  # fmt: skip
    """A slider over uneven stops; a value of the URL that is none of them becomes one."""
    value = getattr(page.state, field)
    st.select_slider(
        label, sorted({*options, value}), format_func=names, help=help, **_bind(page, field, value)
    )  # fmt: skip


def switch(page: Page, field: str, label: str, *, help: str | None = None) -> None:
    """An on-off switch."""
    st.toggle(label, help=help, **_bind(page, field, getattr(page.state, field)))


def search(page: Page, field: str, label: str, *, placeholder: str = "") -> None:
    """A free-text field."""
    st.text_input(label, placeholder=placeholder, max_chars=100, **_bind(page, field, getattr(page.state, field)))


def axis(page: Page, options: Sequence[str] = AXES) -> None:
    """The x-axis toggle, the same on every page."""
    segments(page, "x", _("Horizontal axis"), options, names=axis_name)


def verdicts(page: Page, counts: Mapping[str, int]) -> None:
    """The filter by verdict, each with the number of rows that it leaves."""
    st.pills(
        _("Verdict"), list(VERDICTS), selection_mode="multi",
        format_func=lambda name: f"{VERDICT_ICONS[name]} {_(VERDICT_NAMES[name])} {counts[name]:,}",
        help="\n".join(f"- **{_(VERDICT_NAMES[name])}**: {_(VERDICT_HELP[name])}" for name in VERDICTS),
        **_bind(page, "verdict", list(page.state.verdict), tuple),
    )  # fmt: skip


def sharpness(page: Page, counts: Mapping[str, int]) -> None:
    """The filter by how it appears, each with the number of rows that it leaves."""
    st.pills(
        _("How it appears"), list(SHARPNESSES), selection_mode="multi",
        format_func=lambda name: f"{_(SHARPNESS_NAMES[name])} {counts[name]:,}",
        help="\n".join(f"- **{_(SHARPNESS_NAMES[name])}**: {_(SHARPNESS_HELP[name])}" for name in SHARPNESSES),
        **_bind(page, "sharpness", list(page.state.sharpness), tuple),
    )  # fmt: skip
