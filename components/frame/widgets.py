"""Three small components of our own: the keys of a talk, the list of keys, and the figure's export.

Streamlit has no key listener for arrows or full screen, no overlay without a rerun, and no image export in a
publication's size. Each is one file of JavaScript in ``assets/`` that runs in the page, without a server's help.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from components.core.family_styles import HUES
from components.core.i18n import gettext as _
from components.core.i18n import language
from components.figures.theme import DARK, LIGHT

_ASSETS = Path(__file__).parent / "assets"


@cache
def _components() -> dict[str, Callable[..., Any]]:
    """Registered once per process, when the first page needs one."""
    common = _asset("common.css")
    return {
        name: st.components.v2.component(
            f"ee_{name}", html=_asset(f"{name}.html"), css=common + _asset(f"{name}.css"), js=_asset(f"{name}.js")
        )
        for name in ("present", "help", "figure")
    }


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def present_keys(
    *,
    tour: str,
    step: int,
    steps: int,
    note: bool,
    announce: str,
    on_go: Callable[[int], None],
    on_note: Callable[[bool], None],
) -> None:
    """Listen for the keys of a talk and draw its full-screen button. `announce` is read to screen readers."""
    key = "present-keys"

    def went() -> None:
        wanted = st.session_state[key].go
        if isinstance(wanted, (int, float)) and 1 <= wanted <= steps:
            on_go(int(wanted))

    def noted() -> None:
        if st.session_state[key].note in ("show", "hide"):
            on_note(st.session_state[key].note == "show")

    labels = {"full": _("Full screen"), "bar": _("Presentation")}
    _components()["present"](
        key=key,
        data={"tour": tour, "step": step, "steps": steps, "note": note, "announce": announce, "labels": labels},
        on_go_change=went,
        on_note_change=noted,
        width="content",
    )


def key_rows(*, talk: bool) -> list[tuple[list[str], str]]:
    """The keys that work, and what they do."""
    rows = [
        (["Tab"], _("to the next control; Shift and Tab to the one before")),
        (["Enter", _("Space")], _("press a button, open a list")),
        (["←", "→"], _("change a toggle or a slider that has the focus")),
        (["Esc"], _("close a list, a menu, this window")),
        (["?"], _("open and close this list")),
    ]
    if talk:
        rows += [
            (["→", _("Space"), "Page ↓"], _("next step of a tour")),
            (["←", "Page ↑"], _("previous step")),
            (["Home", "End"], _("first and last step")),
            (["1", "…", "9"], _("jump to this step")),
            (["F"], _("full screen")),
            (["P"], _("speaker's note")),
        ]
    return rows


def key_help(*, talk: bool = False, button: bool = True, key: str = "key-help") -> None:
    """The list of keys as an overlay: `?` opens it, and so does its button."""
    labels = {"open": _("Keys"), "title": _("Keyboard"), "close": _("Close")}
    _components()["help"](
        key=key, data={"rows": key_rows(talk=talk), "labels": labels, "button": button, "lang": language()}
    )


def figure_export(figure_key: str, *, filename: str, title: str, sentence: str, token: str, key: str) -> str | None:
    """Buttons that save the figure drawn under `figure_key`.

    The browser also hands the figure over as an SVG, once for each `token`; None until it has, '' if it could not.
    """
    labels = {
        "size": _("Size"),
        "svg": _("Save SVG"),
        "png": _("Save PNG"),
        "busy": _("Drawing…"),
        "done": _("Saved as {file}."),
        "failed": _("The figure could not be saved in this browser."),
    }
    result = _components()["figure"](
        key=key,
        data={
            "figure": figure_key,
            "filename": filename,
            "title": title,
            "sentence": sentence,
            "labels": labels,
            "sizes": _sizes(),
            "colors": _on_white(),
            "token": token,
        },
        on_svg_change=lambda: None,
    )
    found = result.svg
    if not isinstance(found, Mapping) or found.get("token") != token:
        return None
    text = str(found.get("text") or "")
    return text if text.startswith("<svg") and len(text) < 5_000_000 else ""


def _sizes() -> Sequence[dict[str, Any]]:
    """What the figure is laid out in (pixels), and how large that is on paper or screen."""
    return (
        {"label": _("One column, 85 mm"), "width": 440, "height": 400, "mm": 85, "dpi": 600},
        {"label": _("Page width, 180 mm"), "width": 900, "height": 560, "mm": 180, "dpi": 600},
        {"label": _("Slide, 1920 × 1080"), "width": 1280, "height": 720, "pixels": 1920},
    )


@cache
def _on_white() -> dict[str, str]:
    """Each colour of the dark theme as 'r,g,b', and its twin on white."""
    pairs = [(getattr(DARK, name), getattr(LIGHT, name)) for name in ("paper", "ink", "muted", "grid", "claim")]
    pairs += [(dark, light) for light, dark in HUES.values()]
    shades = [tuple(color.removeprefix("rgba(").split(",")[:3]) for color in (DARK.shade, LIGHT.shade)]
    return {_rgb(dark): f"rgb({_rgb(light)})" for dark, light in pairs} | {
        ",".join(shades[0]): f"rgb({','.join(shades[1])})"
    }


def _rgb(color: str) -> str:
    return ",".join(str(int(color[at : at + 2], 16)) for at in (1, 3, 5))
