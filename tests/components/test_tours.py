"""Tours: every shipped step is a view that exists; reading a file is total and says what to mend."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.ability.model import ability_view
from components.core.state import PAGES, decode
from components.present.tours import (
    FOLDER,
    MOST_BYTES,
    OWN,
    Step,
    Tour,
    load_tours,
    parse_view,
    prose,
    read_tour,
    write_tour,
)
from data import load_catalog
from tests.components.test_state import ROOT, states
from tests.judging import assess

TOURS = load_tours()
STEPS = [(tour.key, number, step) for tour in TOURS.values() for number, step in enumerate(tour.steps, start=1)]
NAMES = [f"{key}-{number}" for key, number, _step in STEPS]


def test_shipped_tours() -> None:
    titles = [tour.title for tour in TOURS.values()]
    assert titles == [
        "Emergent abilities in 12 figures",
        "Is it a mirage?",
        "Data or size? Gopher to Llama 3",
        "The quantization model",
    ]
    assert len(TOURS) == len(list(FOLDER.glob("*.toml")))
    assert all(step.title and step.note and step.question for _key, _number, step in STEPS)
    assert all(tour.summary for tour in TOURS.values())


def test_the_first_tour_shows_the_twelve_panels_in_order() -> None:
    featured = load_catalog().featured
    tasks = [step.state.task for step in TOURS["emergent-abilities"].steps[:12]]
    assert tasks == (featured["benchmark"] + "/" + featured["task"]).tolist()


@pytest.mark.parametrize(("key", "number", "step"), STEPS, ids=NAMES)
def test_every_step_opens_what_it_says(key: str, number: int, step: Step) -> None:
    """Its page exists, its address loses nothing, is canonical, and, on Explore, the catalog has points for it."""
    script = {"": "app.py"}.get(step.page, f"pages/{step.page}.py")
    assert (ROOT / script).exists(), script
    state, dropped = decode(parse_qs(urlsplit(step.view).query), step.page)
    assert (state, dropped) == (step.state, ())
    if step.page == "explore":
        view = ability_view(load_catalog(), step.state, assess)
        assert view.dropped == ()
        assert view.shown
        assert not view.missing
    if step.page == "theory":
        from components.theory.model import part_of  # noqa: PLC0415

        assert part_of(step.state) == (step.state.panel, ())


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    page = draw(st.sampled_from([page for page in PAGES if page not in ("present", "methods")]))
    state = draw(states(page)).but(chart=False, lang="")
    title = draw(TEXT.filter(str.strip)).strip()
    return Step(page, state, title, draw(TEXT).strip(), draw(TEXT).strip())


@given(TEXT.filter(str.strip), TEXT, st.lists(steps(), min_size=1, max_size=4))
def test_saved_tours_open_again(title: str, summary: str, chosen: list[Step]) -> None:
    text = write_tour(title.strip(), summary.strip(), chosen)
    tour, problems = read_tour(text.encode(), OWN)
    assert problems == ()
    expected = Tour(OWN, title.strip(), summary.strip(), tuple(chosen))
    assert tour is not None
    # A TOML file has one kind of line end.
    assert repr(tour).replace("\\r\\n", "\\n") == repr(expected).replace("\\r\\n", "\\n")


@given(st.binary(max_size=300) | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_tour_or_a_reason(content: bytes) -> None:
    tour, problems = read_tour(content, OWN)
    assert (tour is None) == bool(problems)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![x](http://evil.example/a.png)", "&#33;[x](http://evil.example/a.png)"),
        ("\\\\![x][1]", "\\\\&#33;[x][1]"),
        ("<img src=x onerror=alert(1)>", "&#60;img src=x onerror=alert(1)>"),
        (":red[x] ::leaf[x] :material/home:", "&#58;red[x] &#58;&#58;leaf[x] &#58;material/home:"),
        ("\\:red[x] \\\\:red[x]", "&#58;red[x] \\\\&#58;red[x]"),
        ("$x$ \\$5", "&#36;x&#36; &#36;5"),
        ("**bold**, *so*: [a link](https://a.example/b) and https://a.example", None),
        ("- one\n- two", None),
    ],
)
def test_words_of_a_tour_keep_links_and_emphasis_and_draw_nothing(text: str, said: str | None) -> None:
    assert prose(text) == (said or text)


def test_shipped_tours_read_as_they_are_written() -> None:
    for tour in TOURS.values():
        texts = [
            tour.title,
            tour.summary,
            *(text for step in tour.steps for text in (step.title, step.note, step.question)),
        ]
        assert [prose(text) for text in texts] == texts


GOOD = 'title = "T"\n[[step]]\nview = "explore?task=mmlu/average"\ntitle = "S"\n'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('title = "T"', "1 to 99 steps, not 0"),
        ("title = 3\n" + GOOD.partition("\n")[2], "“title” must be text"),
        (GOOD + "speed = 1", "step 1: unknown field “speed”"),
        (GOOD.replace("explore?task=mmlu/average", "explore?x=banana"), "step 1: x=banana"),
        (GOOD.replace("explore?task=mmlu/average", "explore?colour=red"), "step 1: colour: this page has no such"),
        (GOOD.replace("explore?task=mmlu/average", "present?tour=mirage"), "is no view of this site"),
        (GOOD.replace("explore?task=mmlu/average", "https://example.org/elsewhere"), "is no view of this site"),
        (GOOD.replace('title = "S"', ""), "step 1: the field “title” is missing"),
        (GOOD.replace('"S"', '" "'), "step 1: “title” is empty"),
        (GOOD.replace('"S"', '"S'), "not TOML"),
        (GOOD.replace('"S"', '"S'), "line 4"),
        ("step = 3\ntitle = 'T'", "[[step]]"),
        ("a" * (MOST_BYTES + 1), "larger than 200 kB"),
        (GOOD.replace('"S"', '"' + "x" * 5000 + '"'), "longer than 4000"),
    ],
)
def test_mistakes_are_named(content: str, said: str) -> None:
    tour, problems = read_tour(content.encode(), OWN)
    assert tour is None
    assert said in " ".join(problems)


def test_not_text_is_named() -> None:
    assert "not UTF-8" in read_tour(b"\xff\xfe", OWN)[1][0]


def test_pasted_addresses_are_views() -> None:
    page, state, dropped = parse_view("https://some.host/sub/explore?task=mmlu/average&x=params&chart=1&lang=ko")
    assert (page, state.task, state.x, dropped) == ("explore", "mmlu/average", "params", ())
    assert not state.chart
    assert not state.lang
    assert parse_view("")[0] == ""
    assert parse_view("http://[broken")[0] is None
