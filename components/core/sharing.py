"""A view as something to hand on: a link, a line for a chat, a frame for a web page, a code for the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from components.core.state import ViewState, encode

EMBED_HEIGHT = 640
_MARKDOWN_SPECIAL = "\\*_`[]<>|~#"


def site_root(url: str, page: str) -> str:
    """The address of the site, given the address at which `page` is open: it ends with a slash."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if page and path.endswith(f"/{page}"):
        path = path[: -len(page)]
    return urlunsplit((parts.scheme, parts.netloc, f"{path.rstrip('/')}/", "", ""))


def address(page: str, state: ViewState, explicit: Mapping[str, Sequence[str]] | None = None) -> str:
    """The canonical address of a view, relative to the site: only what differs from the defaults.

    `explicit` holds parameters that a page writes even at their default.
    """
    query = {**encode(state, page), **(explicit or {})}
    pairs = [(name, value) for name, values in query.items() for value in values]
    return f"{page}?{urlencode(pairs, safe='/:@', quote_via=quote)}" if pairs else page


def as_markdown(title: str, sentence: str, url: str) -> str:
    """A linked title and the sentence, for an issue or a wiki."""
    linked = f"[{_escaped(title)}]({url})"
    return f"**{linked}**: {_escaped(sentence)}" if sentence else f"**{linked}**"


def as_text(title: str, sentence: str, url: str) -> str:
    """Three plain lines, which survive every chat and mail client."""
    return "\n".join(line for line in (title, sentence, url) if line)


def as_iframe(title: str, url: str, height: int = EMBED_HEIGHT) -> str:
    """A frame for another web page; `url` should ask for the figure only (``chart=1``)."""
    return (
        f'<iframe src="{escape(url)}" title="{escape(title)}" width="100%" height="{height}" '
        'style="border:0" loading="lazy"></iframe>'
    )


def qr_svg(url: str) -> str | None:
    """A QR code, black on white with its quiet zone, as an SVG; None where the address is too long for one."""
    import segno  # noqa: PLC0415 - only readers who ask for a code pay for it

    for level in ("m", "l"):
        try:
            code = segno.make_qr(url, error=level, boost_error=False)
        except segno.DataOverflowError:
            continue
        return str(code.svg_inline(scale=1, border=4, dark="#000", light="#fff", omitsize=True))
    return None


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in _MARKDOWN_SPECIAL else char for char in " ".join(text.split()))
