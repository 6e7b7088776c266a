"""What a page shows, as one frozen value, and its URL.

The URL is the only place where a view lives: pages read their state from it and controls write to it, so a
pasted link, a reload and the back button all mean the same thing. The codec is total: whatever stands in a
query string, :func:`decode` returns a state and the list of what it had to drop, and never raises.

A URL holds intent only: values that equal the default are not written, ids are canonical and never labels,
lists are repeated keys. ``v`` names the version of the vocabulary; :data:`MIGRATIONS` keep old links alive.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from components.core.i18n import LANGUAGES

VERSION = 2
MAX_LENGTH = 200
MAX_ITEMS = 40

AXES = ("flops", "params", "tokens", "perplexity", "date", "capability")
Y_SCALES = ("raw", "above_chance", "logit", "error_log")
FITS = ("step", "logistic", "gompertz", "power_law", "hinge", "flat_chance", "flat_mean", "average", "none")
RULES = ("crossing", "midpoint", "onset")
GAINS = (0.05, 0.1, 0.2)
VERDICTS = ("appears", "present", "not_yet", "inverse", "u_shaped", "open")
SHARPNESSES = ("sudden", "gradual", "open")
UNSTATED = "unstated"  # the value of `shots` where the publication does not state it
LAWS = ("besiroglu", "hoffmann", "kaplan")
TABLES = ("models", "scores", "perplexity", "claims", "sources", "tasks", "caveats", "capability_loadings", "coverage")
SORTS = ("threshold", "task", "width", "present", "sudden", "sizes", "surprise")
METRIC_KINDS = ("any", "thresholded", "continuous")
BOARDS = ("abilities", "agreement", "predictability", "planner")

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+@:-]*\Z")
_TASK = re.compile(r"[a-z0-9][a-z0-9_]*/[a-z0-9][a-z0-9_.+-]*\Z")
_NEED = re.compile(r"(?P<task>[^:]+):(?P<target>[^:]+)\Z")


@dataclass(frozen=True)
class Dropped:
    """A query parameter, or one of its values, that could not be used: the URL's words and why."""

    name: str
    value: str
    reason: str  # unknown_parameter | unknown_value | malformed | not_a_need | out_of_range | too_many | too_long


@dataclass(frozen=True)
class ViewState:
    """Everything a reader can choose. Empty text and empty tuples mean 'the page decides'."""

    x: str = "flops"
    lang: str = ""
    chart: bool = False
    # one ability
    task: str = ""
    metric: tuple[str, ...] = ()
    shots: str = ""
    prompting: str = ""
    protocol: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    y: str = "raw"
    fit: str = "step"
    rule: str = "crossing"
    gain: float = 0.1
    holdout: int = 0
    pool: bool = False
    compare: str = ""
    # boards
    q: str = ""
    verdict: tuple[str, ...] = ()
    sharpness: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    benchmark: tuple[str, ...] = ()
    sort: str = "threshold"
    sizes: int = 4
    kind: str = "any"
    need: tuple[str, ...] = ()
    board: str = ""
    utilisation: float = 0.4
    peak: float = 312.0  # TFLOP/s of one accelerator
    # lenses
    panel: str = ""
    law: str = "besiroglu"
    budget: float = 23.75  # log10 FLOPs: the budget that Gopher and Chinchilla share (5.76e23)
    color: str = "family"
    corpus: str = ""
    # theory lab
    alpha: float = 0.34
    quanta: float = 4.0
    steps: int = 5
    step_accuracy: float = 0.9
    items: int = 100
    chance: float = 0.25
    tasks: int = 200
    loss: float = 2.2
    # data and talks
    table: str = "models"
    source: str = ""
    model: str = ""
    tour: str = ""
    step: int = 1

    def but(self, **changes: Any) -> ViewState:
        """This state with some fields changed."""
        return replace(self, **changes)


Reader = Callable[[str], Any]  # raises _UnreadableError


class _UnreadableError(ValueError):
    """Why one value cannot be read; the message is the reason code of :class:`Dropped`."""


def _choice(values: Sequence[str]) -> Reader:
    def read(text: str) -> str:
        if text not in values:
            raise _UnreadableError("unknown_value")
        return text

    return read


def _pattern(pattern: re.Pattern[str]) -> Reader:
    def read(text: str) -> str:
        if not pattern.match(text):
            raise _UnreadableError("malformed")
        return text

    return read


def _free_text(text: str) -> str:
    if not text.isprintable():
        raise _UnreadableError("malformed")
    return text


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise _UnreadableError("unknown_value")
    return text == "1"


def _number(kind: type[int] | type[float], low: float, high: float) -> Reader:
    def read(text: str) -> float:
        try:
            value = kind(text) if text.isascii() and "_" not in text else math.nan
        except ValueError:
            raise _UnreadableError("malformed") from None
        if not math.isfinite(value):
            raise _UnreadableError("malformed")
        if not low <= value <= high:
            raise _UnreadableError("out_of_range")
        return value + 0  # -0 is 0

    return read


def _gain(text: str) -> float:
    value = _number(float, 0, 1)(text)
    if value not in GAINS:
        raise _UnreadableError("unknown_value")
    return float(value)


def _need(text: str) -> str:
    match = _NEED.match(text)
    if not match or not _TASK.match(match["task"]):
        raise _UnreadableError("not_a_need")
    try:
        target = _number(float, -1e6, 1e6)(match["target"])
    except _UnreadableError:
        raise _UnreadableError("not_a_need") from None
    return f"{match['task']}:{_write(target)}"  # one spelling: 0.6, .60 and '0.6 ' are one need


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if not isinstance(value, float):
        return str(value)
    # The shortest text that reads back as this very number: 312.0 is written 312.
    short = f"{value:.15g}"
    return short if float(short) == value else repr(value)


_TASK_ID, _ID = _pattern(_TASK), _pattern(_SLUG)


def _domain(text: str) -> str:
    # Domains were words once ('common sense'): links of that time mean the slug.
    return str(_ID(text.replace(" ", "_")))


def _table(text: str) -> str:
    # The subjects of MMLU were a table of their own once: links of that time mean the scores.
    return str(_choice(TABLES)("scores" if text == "mmlu_subjects" else text))


READERS: dict[str, Reader] = {
    "x": _choice(AXES),
    "lang": _choice(tuple(LANGUAGES)),
    "chart": _flag,
    "task": _TASK_ID,
    "metric": _ID,
    "shots": _ID,
    "prompting": _ID,
    "protocol": _ID,
    "family": _ID,
    "y": _choice(Y_SCALES),
    "fit": _choice(FITS),
    "rule": _choice(RULES),
    "gain": _gain,
    "holdout": _number(int, 0, 6),
    "pool": _flag,
    "compare": _TASK_ID,
    "q": _free_text,
    "verdict": _choice(VERDICTS),
    "sharpness": _choice(SHARPNESSES),
    "domain": _domain,
    "benchmark": _ID,
    "sort": _choice(SORTS),
    "sizes": _number(int, 3, 20),
    "kind": _choice(METRIC_KINDS),
    "need": _need,
    "board": _choice(BOARDS),
    "utilisation": _number(float, 0.01, 1),
    "peak": _number(float, 1, 10000),
    "panel": _ID,
    "law": _choice(LAWS),
    "budget": _number(float, 15, 30),
    "color": _free_text,
    "corpus": _ID,
    "alpha": _number(float, 0.01, 2),
    "quanta": _number(float, 1, 8),
    "steps": _number(int, 1, 200),
    "step_accuracy": _number(float, 0.5, 1),
    "items": _number(int, 1, 20000),
    "chance": _number(float, 0, 0.9),
    "tasks": _number(int, 1, 2000),
    "loss": _number(float, 0.5, 10),
    "table": _table,
    "source": _ID,
    "model": _ID,
    "tour": _ID,
    "step": _number(int, 1, 999),
}

SHARED = ("x", "lang", "chart")
PAGES: dict[str, tuple[str, ...]] = {
    "": ("q", "verdict", "domain"),
    "explore": (
        *("task", "metric", "shots", "prompting", "protocol", "family", "y"),
        *("fit", "rule", "gain", "holdout", "pool", "compare"),
    ),
    "atlas": (
        *("verdict", "sharpness", "domain", "benchmark", "family", "sizes", "kind", "sort", "q"),
        *("need", "board", "budget", "utilisation", "peak"),
    ),
    "metrics": ("task", "family", "shots", "metric"),
    "prompting": ("panel", "family"),
    "data-size": ("law", "budget", "color"),
    "perplexity": ("task", "corpus", "family"),
    "theory": ("panel", "alpha", "quanta", "steps", "step_accuracy", "items", "chance", "tasks", "loss"),
    "risks": ("task", "family"),
    "dataset": ("table", "source", "model", "q"),
    "present": ("tour", "step"),
    "methods": (),
}

# What words of version 1 mean now: (parameter, old word) to the new parameters.
_OLD_WORDS: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("verdict", "emergent"): {"verdict": ("appears",), "sharpness": ("sudden",)},
    ("verdict", "smooth"): {"verdict": ("appears", "present")},
    ("verdict", "flat"): {"verdict": ("not_yet",)},
    ("verdict", "undetermined"): {"verdict": ("open",)},
    ("rule", "chance_exit"): {"rule": ("crossing",)},
    ("sort", "rise"): {"sort": ("present",)},
    ("sort", "sharp"): {"sort": ("sudden",)},
}


def _new_words(raw: dict[str, list[str]]) -> dict[str, list[str]]:
    """Version 1 to 2: the old verdicts, thresholds and orders under their new names; everything else as it is.

    *Emergent* asked for a sudden rise; beside verdicts that did not, the filter of sharpness would hide theirs, so it
    stands only where *emergent* was the only word.
    """
    out: dict[str, list[str]] = {}
    for name, texts in raw.items():
        for text in texts:
            for new, words in _OLD_WORDS.get((name, text), {name: (text,)}).items():
                if new == name or set(texts) == {text}:
                    out.setdefault(new, []).extend(words)
        out.setdefault(name, [])
    return out


# (version, rewrite of the raw parameters of links up to that version), applied in order. A link without `v` may be of
# any version, so each rewrite leaves the words of later versions as they are.
MIGRATIONS: tuple[tuple[int, Callable[[dict[str, list[str]]], dict[str, list[str]]]], ...] = ((1, _new_words),)

# Parameters of Streamlit's own, which are none of our business.
_FOREIGN = ("embed", "embed_options")
_DEFAULT = ViewState()
_REPEATED = {field.name for field in fields(ViewState) if isinstance(getattr(_DEFAULT, field.name), tuple)}


def parameters(page: str) -> tuple[str, ...]:
    """Names of the query parameters that `page` understands, in the order in which they are written."""
    return (*PAGES[page], *SHARED)


def decode(query: Mapping[str, Iterable[str]], page: str) -> tuple[ViewState, tuple[Dropped, ...]]:
    """The state that a query string asks for, and what could not be used of it.

    `query` maps each key to its values in order. Total: never raises, whatever the strings hold; one value that
    stands without a list is read too, and None is no value.
    """
    raw = {str(key): _texts(values) for key, values in query.items()}
    known = parameters(page)
    raw, dropped = _migrate(raw, known)
    values: dict[str, Any] = {}
    for name, texts in raw.items():
        if name in _FOREIGN:
            continue
        if name not in known:
            dropped.append(Dropped(name[:MAX_LENGTH], ", ".join(texts)[:MAX_LENGTH], "unknown_parameter"))
            continue
        good = []
        for text in texts:
            try:
                if len(text) > MAX_LENGTH:
                    raise _UnreadableError("too_long")
                value = READERS[name](text)
            except _UnreadableError as reason:
                dropped.append(Dropped(name, text[:MAX_LENGTH], str(reason)))
                continue
            if value not in good:
                good.append(value)
        limit = MAX_ITEMS if name in _REPEATED else 1
        dropped += [Dropped(name, str(value), "too_many") for value in good[limit:]]
        if good:
            values[name] = tuple(good[:limit]) if name in _REPEATED else good[0]
    return ViewState(**values), tuple(dropped)


def encode(state: ViewState, page: str) -> dict[str, list[str]]:
    """The shortest query that :func:`decode` turns back into `state`, as far as `page` knows its fields."""
    query: dict[str, list[str]] = {}
    for name in parameters(page):
        value = getattr(state, name)
        if value != getattr(_DEFAULT, name):
            items = value if isinstance(value, tuple) else (value,)
            query[name] = [_write(item) for item in items]
    return query


def shared(state: ViewState) -> ViewState:
    """What travels along from page to page: the axis and the language."""
    return ViewState(**{name: getattr(state, name) for name in SHARED if name != "chart"})


def _texts(values: object) -> list[str]:
    if values is None:
        return []
    if isinstance(values, str) or not isinstance(values, Iterable):
        return [str(values)]
    return [str(value) for value in values]


def _migrate(raw: dict[str, list[str]], known: Sequence[str]) -> tuple[dict[str, list[str]], list[Dropped]]:
    """The parameters in today's words. What a rewrite adds and the page does not know was asked for by nobody."""
    texts = raw.pop("v", [])
    dropped: list[Dropped] = []
    written = 1  # the oldest that a link without `v` may be
    if texts:
        text = texts[0][:MAX_LENGTH]
        if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= VERSION:
            written = int(text)
        else:
            dropped.append(Dropped("v", text, "unknown_value"))
        dropped += [Dropped("v", other[:MAX_LENGTH], "too_many") for other in texts[1:] if other != texts[0]]
    for version, rewrite in MIGRATIONS:
        if written <= version:
            raw = {name: new for name, new in rewrite(raw).items() if name in raw or name in known}
    return raw, dropped
