"""Two languages: catalogs that are complete and correct, words that never cross sessions, no literal left unmarked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Barrier, Thread

import numpy as np
import pandas as pd
import pytest

from components.ability import sentences
from components.core import numbers
from components.core.i18n import LANGUAGES, available, gettext, language, ngettext, spoken, translator, use_language
from components.core.localised import TRANSLATED, localised
from data import load_catalog
from emergence import Note
from scripts import messages
from tests.components.test_state import ROOT
from tests.pages.test_pages import EXISTING, open_page
from tests.visible import visible

HANGUL = re.compile("[가-힣]")


@pytest.fixture(autouse=True)
def starts_in_english() -> Iterator[None]:
    """Each test starts and ends in English."""
    use_language("en")
    yield
    use_language("en")


# -- the catalogs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", messages.languages())
def test_every_text_is_translated(code: str) -> None:
    """On failure: python -m scripts.messages update, then translate what `check` names."""
    assert messages.problems(code) == []


def test_the_template_is_up_to_date() -> None:
    assert not messages.stale(), "run python -m scripts.messages update"


def test_all_languages_are_offered() -> None:
    assert available() == list(LANGUAGES)


@pytest.mark.parametrize(
    ("pattern", "text", "slip"),
    [
        ("{count} models", "모델", "placeholders {count} became none"),
        ("{count} models", "모델 {number}개", "placeholders {count} became {number}"),
        ("{share:.3f} of it", "그것의 {share}", "placeholders {share:.3f} became {share}"),
        ("{a} and {b}", "{a}와(과) {a}", "placeholders {a} {b} became {a} {a}"),
        ("{a}", "{a", "became unreadable"),
        ("**{a}** rises", "{a}: 상승", "bold or slanted text differs"),
        ("{a} to {b}", "{a}~{b}", "tildes"),
        ("see `x`", "x 참조", "code differs"),
        ("<b>a</b>", "가", "HTML differs"),
        ("a\nb", "가 나", "the number of lines differs"),
        ("[a](b)", "가", "the number of links differs"),
        (":material/forum: why", "왜", "an icon differs"),
        ("these words stay", "these words stay", "left in English"),
        ("{name} rises", "{name}은 상승", "particle guesses"),
        ("{name} rises", "{name}가 상승", "particle guesses"),
        ("towards {name}", "{name}로", "particle guesses"),
        ("**a (b)** rises", "**가(나)**는 상승", "Markdown does not read"),
    ],
)
def test_check_finds_a_bad_translation(pattern: str, text: str, slip: str) -> None:
    assert slip in " ".join(messages.compare(pattern, text, "ko"))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("{name} rises", "{name}은(는) 상승합니다"),
        ("{count} sizes", "{count}가지 크기"),
        ("**{name}**: flat", "**{name}**: 평탄"),
        ("BLEU (SacreBLEU)", "BLEU(SacreBLEU)"),
        ("TruthfulQA", "TruthfulQA"),
        ("{sign} {metric}", "{sign} {metric}"),
        ("a brace } alone", "혼자인 } 괄호"),
    ],
)
def test_check_accepts_a_good_translation(pattern: str, text: str) -> None:
    assert messages.compare(pattern, text, "ko") == []


def test_check_names_what_is_missing_or_fuzzy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = messages.read("ko")
    lost, doubtful, gone = list(catalog)[5:8]
    lost.string = "" if isinstance(lost.id, str) else ("",)
    doubtful.flags.add("fuzzy")
    catalog.delete(gone.id)
    monkeypatch.setattr(messages, "po_path", lambda code: tmp_path / f"{code}.po")
    messages.write(catalog, messages.po_path("ko"))
    found = messages.problems("ko")
    assert [problem.split(": ")[1] for problem in found] == ["untranslated", "fuzzy", "not in the catalog, run update"]
    assert all(messages.shown(one) in problem for one, problem in zip((lost, doubtful, gone), found, strict=True))


def test_update_keeps_translations_and_writes_nothing_that_churns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = messages.po_path("ko").read_text(encoding="utf-8")
    monkeypatch.setattr(messages, "po_path", lambda code: tmp_path / f"{code}.po")
    messages.po_path("ko").write_text(before, encoding="utf-8")
    messages.update("ko")
    assert messages.po_path("ko").read_text(encoding="utf-8") == before
    assert not re.search(r"Date:|^#: .*:\d", before, re.M)


def test_texts_outside_the_code_are_extracted() -> None:
    texts = {message.id for message in messages.template()}
    catalog = load_catalog()
    assert set(catalog.tasks["title"].dropna()) <= texts
    assert set(catalog.tasks["description"].dropna()) - {""} <= texts
    assert set(catalog.tasks["domain"].dropna().astype(str).str.replace("_", " ")) - {""} <= texts
    assert set(catalog.metrics["name"].dropna()) <= texts
    assert {"Is it a mirage?", "What had everybody before Chinchilla optimised?"} <= texts  # a tour
    assert ("{count} step", "{count} steps") in texts


def test_marked_texts_are_found_wherever_they_stand() -> None:
    source = """
NAMES = {"a": N_("one"), "b": N_("t" "wo")}
st.markdown(f"**{_('three')}** {ngettext('{n} four', '{n} fours', n).format(n=n)}")
st.caption(_("five" if good else "six") + _(NAMES["a"]) + other("seven"))
"""
    assert messages.marked(source) == ["one", "two", "three", ("{n} four", "{n} fours"), "five", "six"]


@pytest.mark.parametrize("path", sorted((ROOT / "components").rglob("*.py")), ids=lambda path: path.name)
def test_no_text_is_filled_before_it_is_translated(path: Path) -> None:
    """`_(f"...")` and `_("..." + x)` can have no translation."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in messages.KEYWORDS:
            assert not any(isinstance(part, (ast.JoinedStr, ast.BinOp)) for part in call.args), ast.unparse(call)


# -- words in use --------------------------------------------------------------------------------------------


def test_english_is_what_the_code_says() -> None:
    for message in messages.template():
        if isinstance(message.id, str):
            assert gettext(message.id) == message.id
        else:
            assert [ngettext(message.id[0], message.id[1], n) for n in (1, 0, 2)] == [*message.id, message.id[1]]


def test_korean_is_what_the_catalog_says() -> None:
    use_language("ko")
    assert gettext("Overview") == "개요"
    assert {ngettext("{count} step", "{count} steps", n) for n in (0, 1, 2)} == {"{count}단계"}
    assert gettext("") == ""  # not the catalog's header
    assert gettext("no such text") == "no such text"


def test_an_unknown_language_is_english() -> None:
    assert use_language("tlh") == language() == "en"


@pytest.mark.parametrize(
    ("number", "korean", "english"),
    [
        (lambda: numbers.month(2020.4), "2020년 5월", "May 2020"),
        (lambda: numbers.percent(0.5678, 1), "56.8%", "56.8\u00a0%"),
        (lambda: numbers.on_axis(280e9, "params"), "파라미터 280B", "280B parameters"),
        (lambda: numbers.on_axis(3.14e23, "flops"), "3.1\u00a0×\u00a010²³ FLOPs", "3.1\u00a0×\u00a010²³ FLOPs"),
        (lambda: numbers.on_axis(12.3, "perplexity"), "perplexity 12.3", "perplexity 12.3"),
        (lambda: numbers.decimal(1234567.8, 1), "1,234,567.8", "1,234,567.8"),
    ],
)
def test_numbers_and_dates(number: object, korean: str, english: str) -> None:
    assert callable(number)
    assert number() == english
    use_language("ko")
    assert number() == korean


def test_remarks_translate_the_verdicts_inside() -> None:
    use_language("ko")
    said = sentences.note(Note("n_unknown", {"verdict_100": "appears", "verdict_1000": "not_yet"}))
    assert translator("ko")("appears") in said
    assert translator("ko")("not yet") in said
    assert "not_yet" not in said


def test_sessions_in_two_threads_keep_their_languages() -> None:
    meet, heard = Barrier(2), {}

    def session(code: str) -> None:
        use_language(code)
        meet.wait(timeout=10)  # both have chosen
        heard[code] = (language(), gettext("Overview"), numbers.month(2020.4))
        meet.wait(timeout=10)

    threads = [Thread(target=session, args=(code,)) for code in ("ko", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert heard == {"ko": ("ko", "개요", "2020년 5월"), "en": ("en", "Overview", "May 2020")}
    assert language() == "en"


def test_work_for_later_speaks_the_language_of_its_reader() -> None:
    """In a thread that serves readers of other languages afterwards."""
    use_language("ko")
    later = spoken(lambda: gettext("Overview"))
    use_language("en")
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(later).result() == "개요"
        assert thread.submit(language).result() == "en"


# -- the dataset's words -------------------------------------------------------------------------------------


def test_the_english_catalog_is_the_original() -> None:
    assert localised(load_catalog(), "en") is load_catalog()
    assert localised(load_catalog(), "ko") is localised(load_catalog(), "ko")


def test_only_words_are_localised() -> None:
    original, korean = load_catalog(), localised(load_catalog(), "ko")
    assert korean.version == original.version
    for name in ("scores", "models", "perplexity", "claims", "sources", "caveats", "families"):
        pd.testing.assert_frame_equal(getattr(korean, name), getattr(original, name))
    # Neither copies a number: both hand out views of the same memory.
    assert np.shares_memory(korean.scores["score"].to_numpy(), original.scores["score"].to_numpy())
    for name, columns in TRANSLATED.items():
        before, after = getattr(original, name), getattr(korean, name)
        pd.testing.assert_frame_equal(before.drop(columns=list(columns)), after.drop(columns=list(columns)))
        assert not any(before[column].equals(after[column]) for column in columns)


def test_different_names_stay_different() -> None:
    """Two tasks, or two metrics, must not become one in a list of choices."""
    original, korean = load_catalog(), localised(load_catalog(), "ko")
    for name, column in (("tasks", "title"), ("metrics", "name")):
        pairs = pd.DataFrame({"en": getattr(original, name)[column], "ko": getattr(korean, name)[column]})
        merged = pairs.drop_duplicates().groupby("ko")["en"].agg(list)
        assert merged[merged.str.len() > 1].to_dict() == {}


# -- pages ---------------------------------------------------------------------------------------------------


@cache
def english_phrases() -> dict[str, str]:
    """Runs of three words and more from the texts that have a Korean translation without them."""
    translate, korean, found = translator("ko"), messages.read("ko"), {}
    for message in messages.template():
        for text in (message.id,) if isinstance(message.id, str) else message.id:
            translated = translate(text) if isinstance(message.id, str) else "".join(korean[message.id].string or ())
            for phrase in re.split(r"\{[^}]*\}|[*`]+", text):
                if len(re.findall(r"[A-Za-z]{2,}", phrase)) >= 3 and phrase.strip() not in translated:
                    found[phrase.strip()] = text
    return found


@pytest.mark.parametrize("page", EXISTING)
def test_pages_speak_korean(page: str) -> None:
    """After an English visitor, a Korean one finds Korean: nothing shared between sessions carries words."""
    before = open_page(page, {"lang": ["en"]})
    app = open_page(page, {"lang": ["ko"]})
    texts = visible(app)
    assert not HANGUL.search(" ".join(visible(before)).replace(LANGUAGES["ko"], ""))
    assert all(HANGUL.search(title.value) for title in app.title)
    assert sum(bool(HANGUL.search(text)) for text in texts) > 20
    if page != "methods":  # the documentation of the code is English
        leaks = {phrase: text for text in texts for phrase in english_phrases() if phrase in text}
        assert leaks == {}


# -- literals ------------------------------------------------------------------------------------------------

TEXT_KEYWORDS = {"label", "help", "placeholder", "text", "body", "title", "alt", "page_title", "caption"}
# Calls whose first argument is no text for a visitor.
NO_TEXT = {
    "components",
    "latex",
    "columns",
    "container",
    "fragment",
    "cache_data",
    "cache_resource",
    "set_page_config",
    "switch_page",
}
OWN_HELPERS = {"choice": 2, "segments": 2, "several": 2, "number": 2, "stops": 2, "switch": 2, "search": 2, "link": 1,
               "jump": 1, "share": 1}  # fmt: skip


def literals(source: str) -> list[str]:
    """Texts for a visitor that are written into a call without `_()`."""
    return [
        f"line {call.lineno}: {text!r}"
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        for part in _text_arguments(call)
        if re.search(r"[^\W\d_]", text := _literal(part))
    ]


def _text_arguments(call: ast.Call) -> Iterator[ast.expr]:
    name = ast.unparse(call.func).split(".")
    yield from (one.value for one in call.keywords if one.arg in TEXT_KEYWORDS)
    if name[0] == "st" and "column_config" not in name and name[1] not in {"session_state", "query_params", *NO_TEXT}:
        yield from call.args[:1]
    elif name[-1] in OWN_HELPERS and len(name) <= 2:
        yield from call.args[OWN_HELPERS[name[-1]] :][:1]


def _literal(part: ast.expr) -> str:
    """The letters that an expression itself contributes, without markup, icons and styles."""
    text = ""
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        text = part.value
    elif isinstance(part, ast.JoinedStr):
        text = "\0".join(str(one.value) if isinstance(one, ast.Constant) else "" for one in part.values)
    elif isinstance(part, ast.BinOp):
        return _literal(part.left) + _literal(part.right)
    elif isinstance(part, ast.IfExp):
        return _literal(part.body) + _literal(part.orelse)
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    return re.sub(r"</?[a-z][^>]*>|:material/\w+:|&\w+;|\]\([^)]*\)", "", text)


@pytest.mark.parametrize(
    "path", [ROOT / "app.py", *sorted((ROOT / "components" / "page").glob("*.py")), *sorted((ROOT / "pages").glob("*.py"))],
    ids=lambda path: path.name,
)  # fmt: skip
def test_no_text_without_a_mark(path: Path) -> None:
    assert literals(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'st.title("Explore")',
        'st.button(_("Go"), help="Goes there")',
        'st.markdown(f"**{name}** rises")',
        'controls.axis(page); controls.number(page, "n", "Items", 1, 2)',
        'link("explore", "Open", state)',
        'st.caption("Yes" if good else _("No"))',
        'st.html("<p>Swipe</p>" + rest)',
        'chart.show(figure, key="k", alt="A figure", filename="f")',
    ],
)
def test_literals_are_found(source: str) -> None:
    assert len(literals(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        'st.title(_("Explore"))',
        'st.markdown(f"- **{_(name)}**: {text}")',
        'st.container(key="wide")',
        'st.session_state["lang"]',
        'st.html(f"<style>.a {{ color: red }}</style><p class=\\"b\\">{hint}</p>")',
        'st.button(label, icon=":material/share:", key="share")',
        'controls.choice(page, "metric", _("Metric"), options)',
    ],
)
def test_marked_texts_pass(source: str) -> None:
    assert literals(source) == []
