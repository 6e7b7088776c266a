"""The reader's language: gettext catalogs, numbers and dates.

Every string that a visitor sees passes through :func:`gettext` (imported as ``_``) as one whole template with
named placeholders; translators never meet a fragment. The language is a context variable, because Streamlit
runs each session in a thread of its own.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

LANGUAGES = {"en": "English", "ko": "한국어"}
DEFAULT_LANGUAGE = "en"

_LOCALE = Path(__file__).parent.parent / "locale"
_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def available() -> list[str]:
    """Languages that can be offered: English, and those with a catalog."""
    return [code for code in LANGUAGES if code == DEFAULT_LANGUAGE or _catalog_path(code).exists()]


def use_language(code: str) -> str:
    """Make `code` the language of this context; an unknown one gives English. Returns the one in use."""
    chosen = code if code in available() else DEFAULT_LANGUAGE
    _language.set(chosen)
    return chosen


def language() -> str:
    """The language in use."""
    return _language.get()


def spoken(work: Callable[[], T]) -> Callable[[], T]:
    """`work` in the language in use now, for what another thread does later: files are written when they are asked for."""
    code = language()

    def run() -> T:
        token = _language.set(code)
        try:
            return work()
        finally:
            _language.reset(token)  # threads are used again, for readers of other languages

    return run


def gettext(message: str) -> str:
    """`message` in the reader's language; itself where no translation exists."""
    return translator(_language.get())(message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form of the message that `n` things need."""
    return _translations(_language.get()).ngettext(singular, plural, n)


def translator(code: str) -> Callable[[str], str]:
    """What turns a message into one language, whatever the reader's is."""
    translations = _translations(code)
    # The empty message is the header of a catalog.
    return lambda message: translations.gettext(message) if message else message


def mark(message: str) -> str:
    """Mark `message` for translation where it is defined; translate it with :func:`gettext` where it is used."""
    return message


def _catalog_path(code: str) -> Path:
    return _LOCALE / code / "LC_MESSAGES" / "messages.po"


@cache
def _translations(code: str) -> NullTranslations:
    if code == DEFAULT_LANGUAGE:
        return NullTranslations()
    # Compiled in memory at first use: a binary catalog in the repository could go stale unseen.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = io.BytesIO()
    with _catalog_path(code).open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)
