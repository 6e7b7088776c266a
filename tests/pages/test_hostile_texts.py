"""Text of a colleague's file or link is shown as it is: it loads nothing, links nowhere, draws nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.dataset.upload import with_own
from components.frame.compute import OWN_CATALOG
from components.frame.shell import SCRIPTS
from components.present.own_tour_page import _KEY
from components.present.page import _NOTE
from components.present.tours import OWN as OWN_TOUR
from components.present.tours import read_tour
from data import import_results, load_catalog
from data.catalog import Catalog
from tests.components.test_state import ROOT
from tests.visible import READ, figure_texts, nodes

HOSTILE = (
    "<img src=x onerror=alert(1)>![x](http://evil.example/a.png):red[x]$x$[x](javascript:alert(1))"
    "<a href='http://evil.example'>x</a><b>x</b>:material/home:`x`"
)
DRAWS = {
    "markdown": ("![x](", ":red[", "$x$", "[x](", ":material/home:", "`x`"),
    "html": ("<img src=x", "<a href='http://evil", "<b>x</b>"),
    "figure": ("<img src=x", "<a href='http://evil", "<b>x</b>"),
}
# Streamlit shows the text of these as it is.
AS_IT_IS = {"Code", "Selectbox", "MultiSelect", "Text", "TextInput", "TextArea", "Arrow", "FileUploader", "Json"}


def own_catalog() -> Catalog:
    """Scores under hostile names on an ability, on a harm, under two prompts, and through training."""
    out = io.StringIO()
    columns = ("model_id", "name", "benchmark", "task", "metric", "n_shot", "prompting", "score", "unit", "locator",
               "params", "tokens", "train_flops", "release", "tuning", "checkpoint_tokens", "note", "via")  # fmt: skip
    rows = csv.writer(out)
    rows.writerow(columns)
    for size, share in ((1, 0.26), (2, 0.25), (4, 0.31), (8, 0.48), (16, 0.62)):
        figures = (f"{size}e9", f"{size}e10", f"{size}e20", "2023-05", "base")
        settings = (
            ("mmlu", "average", "accuracy", "5", "standard", share, ""),
            ("gsm8k", "gsm8k", "accuracy", "8", "standard", share / 2, ""),
            ("gsm8k", "gsm8k", "accuracy", "8", "cot", share, ""),
            ("real_toxicity_prompts", "all_prompts", "mean_perspective_toxicity", "0", "standard", share, ""),
            *(("arc", "arc_easy", "accuracy", "0", "standard", share + step / 20, f"{step}e9") for step in (1, 2, 3)),
        )
        for *key, score, seen in settings:
            rows.writerow((f"ours-{size}b", HOSTILE, *key, score, "", HOSTILE, *figures, seen, HOSTILE, HOSTILE))
    upload = import_results({f"{HOSTILE[:40]}.csv": out.getvalue().encode()})
    assert upload.problems == ()
    return with_own(load_catalog(), upload)


OURS = {"family": ["ours"]}
MMLU = {"task": ["mmlu/average"], "shots": ["5"], "prompting": ["standard"], **OURS}
TOUR = {"tour": [HOSTILE], "step": ["1"]}
VIEWS: list[tuple[str, dict[str, list[str]]]] = [
    ("", {"q": [HOSTILE]}),
    ("", {"q": ["ours"], "x": [HOSTILE], HOSTILE: ["1"]}),
    ("explore", {**MMLU, "holdout": ["2"]}),
    ("explore", {**MMLU, "x": ["perplexity"]}),
    ("explore", {"task": [HOSTILE], "family": [HOSTILE], "metric": [HOSTILE], "compare": [HOSTILE]}),
    ("explore", {"task": ["arc/arc_easy"], **OURS}),
    ("atlas", {"need": ["mmlu/average:0.5", HOSTILE]}),
    ("metrics", {**MMLU}),
    ("prompting", {"panel": ["gsm8k/gsm8k:cot"], **OURS}),
    ("prompting", {"panel": [HOSTILE], "family": [HOSTILE]}),
    ("data-size", {"color": ["mmlu/average"]}),
    ("data-size", {"color": ["arc/arc_easy"], "law": [HOSTILE]}),
    ("perplexity", {"task": ["mmlu/average"], **OURS}),
    ("theory", {"panel": [HOSTILE]}),
    ("theory", {"panel": ["loss"]}),
    ("risks", {}),
    ("risks", {"task": ["real_toxicity_prompts/all_prompts"], **OURS}),
    ("dataset", {"model": ["ours-1b"]}),
    ("dataset", {"table": ["models"], "q": [HOSTILE]}),
    ("dataset", {"table": ["scores"], "model": ["ours-1b"], "source": [HOSTILE]}),
    ("present", TOUR),
]


def drawing(app: AppTest) -> Iterator[tuple[str, str]]:
    """(kind of sink, text) of everything in which a page can draw more than text."""
    for node in nodes(app):
        kind = type(node).__name__
        if kind in AS_IT_IS:
            continue
        for field, text in texts(node):
            sink = "html" if kind == "Html" else "figure" if field == "spec" else "markdown"
            yield from ((sink, part) for part in (figure_texts(json.loads(text)) if sink == "figure" else [text]))


def texts(proto: Any) -> Iterator[tuple[str, str]]:
    for field, value in proto.ListFields():
        for one in value if field.is_repeated else [value]:
            if field.message_type is not None and not field.message_type.GetOptions().map_entry:
                yield from texts(one)
            elif isinstance(one, str) and field.name in {*READ, "spec"} - {"alt"}:
                yield field.name, one


def drawn(app: AppTest) -> list[tuple[str, str, str]]:
    return [(sink, sign, text) for sink, text in drawing(app) for sign in DRAWS[sink] if sign in text]


OWN = own_catalog()
STEP = f'[[step]]\nview = "explore?task=mmlu/average"\ntitle = """{HOSTILE}"""\nnote = """{HOSTILE}"""\n'
COLLEAGUES, SLIPS = read_tour(
    f'title = """{HOSTILE}"""\nsummary = """{HOSTILE}"""\n{STEP}question = """{HOSTILE}"""'.encode(), OWN_TOUR
)
TOUR_DRAWS = {sign for sign in DRAWS["markdown"] if sign not in ("[x](", "`x`")}  # links and code stay


@pytest.mark.parametrize("query", [{}, {"tour": [OWN_TOUR], "step": ["1"]}], ids=str)
def test_a_colleagues_tour_loads_and_draws_nothing(query: dict[str, list[str]]) -> None:
    assert COLLEAGUES is not None, SLIPS
    app = AppTest.from_file(str(ROOT / SCRIPTS["present"]), default_timeout=60)
    app.session_state[_KEY] = COLLEAGUES
    app.session_state[_NOTE] = True
    for name, values in query.items():
        app.query_params[name] = values
    app.run()
    assert not app.exception
    said = [text for sink, text in drawing(app) if sink == "markdown" and "evil.example" in text]
    assert len(said) == (4 if query else 2)  # title, progress, question and note; title and summary
    assert [text for text in said for sign in TOUR_DRAWS if sign in text] == []


@pytest.mark.parametrize(("page", "query"), VIEWS, ids=lambda value: str(value)[:60])
def test_what_others_wrote_is_shown_as_it_is(page: str, query: dict[str, list[str]]) -> None:
    app = AppTest.from_file(str(ROOT / SCRIPTS[page]), default_timeout=60)
    app.session_state[OWN_CATALOG] = OWN
    for name, values in query.items():
        app.query_params[name] = values
    app.run()
    assert not app.exception
    assert not app.error, [error.value for error in app.error]
    assert drawn(app) == []
