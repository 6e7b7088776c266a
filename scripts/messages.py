"""Message catalogs: `python -m scripts.messages extract | update | check`.

extract  writes components/locale/messages.pot: every text that a visitor can meet, from the code and from the data
update   extracts, and merges the result into components/locale/<language>/LC_MESSAGES/messages.po; translations are
         kept, texts that changed become fuzzy, texts that are gone move to the end (`--tidy` drops them)
check    names every text that is untranslated, fuzzy, left in English, or breaks a placeholder or the markup

Neither file carries line numbers or dates, so a commit shows only what changed in the words.
Not translated, on purpose: names of models, families, benchmarks' files and publications; caveats, claims and notes
on single numbers, which quote their sources; the documentation of the code on the Methods page.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import string
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from components.core.i18n import DEFAULT_LANGUAGE, LANGUAGES
from components.core.localised import TRANSLATED
from components.present.tours import load_tours
from data.findings import TEMPLATES as FINDINGS
from emergence.laws import LAWS
from emergence.notes import TEMPLATES

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "components" / "locale"
TEMPLATE = LOCALE / "messages.pot"
KEYWORDS = {"_": 1, "N_": 1, "gettext": 1, "mark": 1, "ngettext": 2}  # call: how many of its arguments are texts
WIDTH = 110

Text = str | tuple[str, ...]

# Header lines that would change without a change of words.
_CHURN = re.compile(
    r'^"(Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By):.*\n', re.M
)


def po_path(language: str) -> Path:
    """Where the translations of a language lie."""
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


# -- extraction ----------------------------------------------------------------------------------------------


def texts() -> Iterator[tuple[str, Text]]:
    """Every translatable text, and the file that it comes from."""
    for path in [ROOT / "app.py", *sorted((ROOT / "components").rglob("*.py")), *sorted((ROOT / "pages").glob("*.py"))]:
        for text in marked(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), text
    yield from _outside()


def marked(source: str) -> list[Text]:
    """The texts of the marked calls in a module, in their order.

    From the syntax tree, as Babel's own reader sees no call inside an f-string.
    """
    found: list[tuple[int, int, Text]] = []
    for call in ast.walk(ast.parse(source)):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS):
            continue
        if KEYWORDS[call.func.id] == 2:
            forms = tuple(form for part in call.args[:2] for form in _constants(part))
            if len(forms) == 2:
                found.append((call.lineno, call.col_offset, forms))
        else:
            found += [(call.lineno, call.col_offset, text) for part in call.args[:1] for text in _constants(part)]
    return [text for _line, _column, text in sorted(found, key=lambda one: one[:2])]


def _constants(part: ast.expr) -> list[str]:
    """What an argument can be: a text, or either of two texts; nothing if it is computed."""
    if isinstance(part, ast.IfExp):
        return _constants(part.body) + _constants(part.orelse)
    return [part.value] if isinstance(part, ast.Constant) and isinstance(part.value, str) else []


def _outside() -> Iterator[tuple[str, str]]:
    """Texts without a mark: the analysis knows no interface, and the data are data."""
    for template in TEMPLATES.values():
        yield "emergence/notes.py", template
    for template in FINDINGS.values():
        yield "data/findings.py", template
    for law in LAWS.values():
        yield from (("emergence/laws.py", text) for text in (law.note, law.source, law.parameters_unit))
    for table, columns in {**TRANSLATED, "tasks": (*TRANSLATED["tasks"], "domain")}.items():
        with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield from ((f"data/{table}.csv", _shown(column, row[column])) for column in columns)
    for tour in load_tours().values():
        spoken = [tour.title, tour.summary]
        for step in tour.steps:
            spoken += [step.title, step.note, step.question]
        yield from (("data/tours", text) for text in spoken)


def _shown(column: str, text: str) -> str:
    """A cell as readers see it: the id of a domain becomes words."""
    return text.replace("_", " ") if column == "domain" else text


def template() -> Catalog:
    """The catalog of all texts, without translations."""
    catalog = Catalog(project="Emergence Explorer", version="1", fuzzy=False, charset="utf-8")
    catalog.header_comment = "# Texts of the Emergence Explorer. Written by `python -m scripts.messages extract`."
    places: dict[Text, list[str]] = {}
    for place, text in texts():
        if text and any(text):
            found = places.setdefault(text, [])
            if place not in found:
                found.append(place)
    for text, found in places.items():
        message = catalog.add(text, locations=[(place, 0) for place in found])
        message.flags.discard("python-format")  # every text is filled by str.format; '%' is a percent sign
    return catalog


def write(catalog: Catalog, path: Path, *, tidy: bool = False) -> None:
    """Write a catalog without dates and line numbers."""
    for message in catalog:
        message.flags.discard("python-format")
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=WIDTH, include_lineno=False, ignore_obsolete=tidy)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_CHURN.sub("", buffer.getvalue().decode("utf-8")), encoding="utf-8")


def read(language: str) -> Catalog:
    """The translations of a language; empty where there is no file yet."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, project="Emergence Explorer", version="1", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, *, tidy: bool = False) -> Catalog:
    """Merge the texts of the project into the translations of a language."""
    catalog = read(language)
    catalog.update(template(), update_header_comment=False, update_creation_date=False)
    write(catalog, po_path(language), tidy=tidy)
    return catalog


# -- check ---------------------------------------------------------------------------------------------------


def problems(language: str) -> list[str]:
    """What keeps a translation from being complete and correct, one sentence each."""
    catalog = read(language)
    found = []
    for message in template():
        if not message.id:
            continue
        translated = catalog.get(message.id)
        slips = _slips(message, translated, language)
        found += [f"{language}: {slip}: {shown(message)!r} ({', '.join(place for place, _line in message.locations)})"
                  for slip in slips]  # fmt: skip
    return found


def _slips(message: Message, translated: Message | None, language: str) -> list[str]:
    if translated is None:
        return ["not in the catalog, run update"]
    forms = [translated.string] if isinstance(translated.string, str) else list(translated.string or ())
    if not forms or not all(forms):
        return ["untranslated"]
    if translated.fuzzy:
        return ["fuzzy"]
    # With one form for every number, the plural is the pattern; it names all that the singular may leave out.
    pattern = message.id if isinstance(message.id, str) else message.id[-1]
    return [slip for form in forms for slip in compare(pattern, form, language)]


def compare(pattern: str, text: str, language: str) -> list[str]:
    """What is wrong with `text` as a translation of `pattern`."""
    slips = []
    wanted, has = fields(pattern), fields(text)
    if wanted is not None and wanted != has:
        slips.append(f"placeholders {_listed(wanted)} became {_listed(has)}")
    for name, mark in _MARKS.items():
        if len(mark.findall(pattern)) != len(mark.findall(text)):
            slips.append(f"{name} differs")
    if pattern == text and len(_WORDS.findall(re.sub(r"\{.*?\}|`.*?`|:material/\w+:", "", pattern))) > 1:
        slips.append("left in English")
    if language == "ko":
        slips += [name for name, mistake in _KOREAN.items() if mistake.search(text)]
    return slips


_MARKS = {
    "the number of lines": re.compile(r"\n"),
    "bold or slanted text": re.compile(r"\*"),
    "the number of tildes, which strike text through,": re.compile(r"~"),
    "the number of dollar signs": re.compile(r"\$"),
    "code": re.compile(r"`"),
    "HTML": re.compile(r"</?[a-z]+"),
    "the number of links": re.compile(r"\]\("),
    "an icon": re.compile(r":material/"),
}
_WORDS = re.compile(r"\b[a-z]{3,}\b")
_KOREAN = {
    # '{name}은' guesses how the name ends; '{name}은(는)' does not.
    "a particle guesses the last sound of a placeholder": re.compile(
        r"\}[*_`]*(은|는|이|가|을|를|과|와|으로|로|이나|나|이란|란)(?![가-힣(])"
    ),
    "bold text ends after a bracket and before a letter, which Markdown does not read": re.compile(
        r"[^\w\s*]\*\*(?=[가-힣])(?<!\s\*\*)"
    ),
}


def fields(text: str) -> Counter[str] | None:
    """The placeholders of a template with their formats; None if it is no template."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return None
    return Counter(
        f"{{{name}{'!' + how if how else ''}{':' + spec if spec else ''}}}"
        for _text, name, spec, how in parts
        if name is not None
    )


def _listed(found: Counter[str] | None) -> str:
    return "unreadable" if found is None else " ".join(sorted(found.elements())) or "none"


def shown(message: Message) -> str:
    """A text in one short line."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return text if len(text) < 90 else text[:87] + "..."


def stale() -> bool:
    """Whether the template in the repository lacks a text, or has one that is gone."""
    if not TEMPLATE.exists():
        return True
    with TEMPLATE.open("rb") as file:
        return {message.id for message in read_po(file)} != {message.id for message in template()}


def languages() -> list[str]:
    """Languages that need translations."""
    return [code for code in LANGUAGES if code != DEFAULT_LANGUAGE]


def main(arguments: Sequence[str]) -> int:
    """Run one command; the number of problems decides the exit code."""
    if not arguments or arguments[0] not in ("extract", "update", "check"):
        print(__doc__)
        return 2
    command, tidy = arguments[0], "--tidy" in arguments
    if command in ("extract", "update"):
        write(template(), TEMPLATE)
    if command == "update":
        for language in languages():
            update(language, tidy=tidy)
    found = [problem for language in languages() for problem in problems(language)]
    if command == "check":
        found += ["messages.pot is stale: run `python -m scripts.messages update`"] if stale() else []
        print("\n".join(found))
    print(f"{len(list(template())) - 1} texts, {len(found)} problems")
    return int(command == "check" and bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
