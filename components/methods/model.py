"""The handbook of the numerics, read from the code itself: what a function's documentation says is what runs.

Public functions, classes and documented constants of :mod:`emergence` with their formulas and sources. No
Streamlit: the page draws what :func:`sections` returns.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import pairwise
from types import ModuleType
from typing import Any

from components.core.i18n import mark as N_
from components.methods.formulas import FORMULAS

# (title, modules whose functions are public, modules that only explain themselves)
LAYOUT: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        N_("Judging one series"),
        ("emergence",),
        (
            *(
                "emergence.answers",
                "emergence.series",
                "emergence.likelihood",
                "emergence.shapes",
                "emergence.posterior",
            ),
            *("emergence.scatter", "emergence.gaussian", "emergence.heuristics"),
        ),
    ),
    (N_("Predicting the largest model"), ("emergence.backtest",), ()),
    (N_("Many tasks at once"), ("emergence.multiplicity",), ()),
    (N_("Comparing axes"), ("emergence.pooling",), ()),
    (N_("Scaling laws of the loss"), ("emergence.laws",), ()),
    (N_("The quantization model"), ("emergence.quanta",), ()),
    (N_("Mechanisms that look like emergence"), ("emergence.mechanisms",), ()),
)
# What a reader needs to know of it all, before the reference: a title, a paragraph, and terms of the glossary.
PLAIN: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        N_("The verdict"),
        N_(
            "A series is the models of one family on one task, asked and scored alike. Through its scores we draw all "
            "curves that could have produced them, each weighed by how well it does; the verdict says what these "
            "curves have in common."
        ),
        ("verdict", "appears", "present", "not_yet", "inverse", "u_shaped", "open"),
    ),
    (
        N_("The four questions"),
        N_(
            "Is it absent when small? Is it present when large? Is it sudden? Is it predicted by the smaller models? Each is "
            "answered yes, no or open by a probability against a cut-off, both printed; what the data cannot be asked is untested."
        ),
        ("absent_when_small", "present_when_large", "sudden", "predicted", "answer", "chance", "gain", "scatter"),
    ),
    (
        N_("Appears, and emergent"),
        N_(
            "An ability appears if it is not present in smaller models but present in larger ones: the first sentence of the "
            "definition of Wei et al. (2022). A smooth power law that starts at chance appears too, so appearing is no evidence "
            "against smoothness. Emergent in the strict sense needs their second sentence as well: it appears, suddenly, and "
            "better than extrapolation from the smaller models predicted."
        ),
        ("emergent", "gradual"),
    ),
    (
        N_("Bracket, crossing and width"),
        N_(
            "Where it appears is said twice: between which two models, and at which scale the mean score leaves chance. Midpoint, "
            "onset and width are details of the rise: they count as located only if their interval lies within the models tested."
        ),
        ("bracket", "crossing", "midpoint", "onset", "interval", "width", "implied_exponent"),
    ),
    (
        N_("Prediction"),
        N_(
            "To test whether a jump could be foreseen, the largest model is left out and the curve of the smaller ones "
            "predicts its score, with a 95 % band. What lies above the band is a surprise."
        ),
        ("held_out", "breakthroughness"),
    ),
    (
        N_("Many tasks at once"),
        N_(
            "Among thousands of series some seem to appear by luck alone. Every board says how many of its claims are "
            "expected to be false."
        ),
        ("false_discovery", "series", "protocol", "sizes"),
    ),
)
_ARXIV = re.compile(r"arXiv:? ?(\d{4}\.\d{4,5})")
_SPECIAL = re.compile(r"[\\*_~$<>\[\]]")
_HEADING = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)
_ARGUMENTS = ("Parameters", "Attributes")


@dataclass(frozen=True)
class Entry:
    """One function, class or constant."""

    name: str
    anchor: str
    kind: str  # function | class | constant
    signature: str
    text: str  # Markdown
    arguments: tuple[tuple[str, str], ...] = ()
    sections: tuple[tuple[str, str], ...] = ()  # what else it documents: Returns, Raises, References, in Markdown
    formulas: tuple[str, ...] = ()  # LaTeX
    methods: tuple[tuple[str, str], ...] = ()  # of a class: name and what it does, both Markdown


@dataclass(frozen=True)
class Section:
    """One field of the handbook; `notes` are modules that explain how it works inside."""

    title: str
    text: str
    entries: tuple[Entry, ...]
    notes: tuple[tuple[str, str, tuple[Entry, ...]], ...]


@cache
def sections() -> tuple[Section, ...]:
    """The handbook. Modules that do not exist are left out."""
    found = []
    for title, public, inner in LAYOUT:
        modules = [module for name in public if (module := _module(name)) is not None]
        if not modules:
            continue
        entries = tuple(entry for module in modules for entry in _entries(module))
        notes = tuple(
            (name.rpartition(".")[2], markdown(module.__doc__ or ""), tuple(_constants(module)))
            for name in inner
            if (module := _module(name)) is not None
        )
        found.append(Section(title, "\n\n".join(markdown(m.__doc__ or "") for m in modules), entries, notes))
    return tuple(found)


def _module(name: str) -> ModuleType | None:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return None


def _entries(module: ModuleType) -> Iterator[Entry]:
    names = getattr(module, "__all__", None)
    if names is not None:  # what has a section of its own is not repeated
        elsewhere = {name for _title, public, _inner in LAYOUT for name in public} - {module.__name__}
        names = [name for name in names if getattr(getattr(module, name), "__module__", "") not in elsewhere]
    else:
        names = [name for name, value in vars(module).items() if _is_own(module, name, value)]
    objects = {name: getattr(module, name) for name in names}
    order = {name: place for place, name in enumerate(names)}
    for name in sorted(objects, key=lambda name: (not inspect.isfunction(objects[name]), order[name])):
        value = objects[name]
        if inspect.isfunction(value) or inspect.isclass(value):
            yield _entry(name, value)
    yield from _constants(module)


def _is_own(module: ModuleType, name: str, value: Any) -> bool:
    if name.startswith("_") or not (inspect.isfunction(value) or inspect.isclass(value)):
        return False
    return value.__module__ == module.__name__


def _entry(name: str, value: Any) -> Entry:
    document = inspect.getdoc(value) or ""
    text, arguments, sections_ = split(document)
    methods: tuple[tuple[str, str], ...] = ()
    kind = "function"
    if inspect.isclass(value):
        kind = "class"
        methods = tuple(
            (
                f"`{key}{'' if isinstance(part, property) else _call(part)}`",
                markdown((inspect.getdoc(part) or "").replace("\n\n", "\n").replace("\n", " ")),
            )
            for key, part in vars(value).items()
            if not key.startswith("_") and (inspect.isfunction(part) or isinstance(part, property)) and part.__doc__
        )
    qualified = f"{value.__module__}.{name}"
    return Entry(
        name,
        qualified.rpartition("emergence.")[2].replace(".", "-"),
        kind,
        f"{name}{_call(value)}",
        markdown(text),
        arguments,
        sections_,
        FORMULAS.get(qualified, ()),
        methods,
    )


def _call(value: Any) -> str:
    """The arguments of a call, without their types: the text says what they are."""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return ""
    parameters = [
        one.replace(annotation=inspect.Parameter.empty) for key, one in signature.parameters.items() if key != "self"
    ]
    return str(signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty))


def _constants(module: ModuleType) -> Iterator[Entry]:
    """Module constants that carry a documentation string on the next line, as plain numbers or words."""
    body = ast.parse(inspect.getsource(module)).body
    for before, after in pairwise(body):
        if not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)):
            continue
        target: ast.expr | None = before.target if isinstance(before, ast.AnnAssign) else None
        if isinstance(before, ast.Assign) and len(before.targets) == 1:
            target = before.targets[0]
        if not isinstance(target, ast.Name) or target.id.startswith("_") or not isinstance(after.value.value, str):
            continue
        value = getattr(module, target.id)
        shown = f" = {value!r}" if isinstance(value, (int, float, str, tuple)) and len(repr(value)) < 80 else ""
        text = markdown(inspect.cleandoc(after.value.value))
        yield Entry(target.id, target.id, "constant", f"{target.id}{shown}", text)


def split(document: str) -> tuple[str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """A docstring in numpydoc's layout: its prose, its arguments with their meaning, and its other sections."""
    prose, *headed = _HEADING.split(document)
    arguments: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for heading, body in zip(headed[::2], headed[1::2], strict=True):
        items = list(_items(body))
        if heading in _ARGUMENTS:
            # 'name : type' and its meaning; the type says the shape.
            named = [(head.partition(" : "), text) for head, text in items]
            arguments += [(name, markdown(f"{kind}. {text}" if kind else text)) for (name, _, kind), text in named]
        else:
            said = [markdown(f"`{head}`: {text}" if text else head) for head, text in items]
            others.append((heading, "; ".join(one.rstrip(".") for one in said) + "."))
    return prose.strip(), tuple(arguments), tuple(others)


def _items(body: str) -> Iterator[tuple[str, str]]:
    """The items of one section: a line at the margin, and the indented lines below it as one."""
    for item in re.split(r"\n(?=\S)", body.strip()):
        head, _, text = item.partition("\n")
        yield head, " ".join(text.split())


def markdown(document: str) -> str:
    """A docstring as Markdown: nothing in its formulas formats by accident, arXiv numbers are links."""
    pieces = []
    for place, piece in enumerate(re.split(r"(``?[^`]+``?)", inspect.cleandoc(document))):
        if place % 2:
            pieces.append(f"`{piece.strip('`')}`")
            continue
        escaped = _SPECIAL.sub(lambda match: f"\\{match[0]}", piece)
        escaped = re.sub(r":(func|class|mod|data|meth):", "", escaped)
        pieces.append(_ARXIV.sub(lambda match: f"[arXiv {match[1]}](https://arxiv.org/abs/{match[1]})", escaped))
    return "".join(pieces)


def pieces(formula: str) -> tuple[str, ...]:
    """The equations of a formula, each on its own line and in one piece: a phone scrolls them instead of breaking
    them inside their brackets.
    """
    return tuple(f"{{{part}}}" for part in re.split(r",?\s*\\qquad\s*", formula) if part.strip())
