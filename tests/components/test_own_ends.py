"""A session's own rows end with the session: nothing of the process refers to them afterwards."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.ability import model as ability
from components.core import citation, localised, vocabulary
from components.core.state import ViewState
from components.data_size import model as data_size
from components.data_size import training
from components.dataset import model as dataset
from components.dataset.upload import with_own
from components.frame import compute, shell
from components.metrics import groups as metric_groups
from components.metrics import model as metric_lens
from components.overview import model as overview
from components.perplexity import axis_pooling as pooled
from components.perplexity import model as lens
from components.planner import model as planner
from components.prompting import model as contrast
from components.risks import model as risks
from components.theory import data as theory_data
from data import import_results, load_catalog, series
from data.catalog import Catalog
from emergence import Assessment, Series, assess_many
from tests.components.test_own import ROWS
from tests.components.test_state import ROOT
from tests.judging import assess as judge


def own_catalog() -> Catalog:
    return with_own(load_catalog(), import_results({"ours.csv": ROWS.encode()}))


NEED = ViewState(need=("mmlu/average:0.5",))
MMLU = ViewState(task="mmlu/average", shots="5", prompting="standard", family=("ours", "pythia"))
USES: dict[str, Callable[[Catalog], object]] = {
    "series": lambda data: (series.series_table(data), series.axis_values(data, "flops")),
    "ability": lambda data: (ability.task_ids(data), ability.ability_view(data, MMLU, judge)),
    "metrics": lambda data: (metric_groups.metric_groups(data), metric_lens.lens_view(data, ViewState(), judge)),
    "planner": lambda data: planner.make_plan(data, ViewState(), planner.read_needs(data, NEED)[0], judge),
    "contrast": lambda data: contrast.contrast_view(data, ViewState(), judge),
    "overview": lambda data: (overview.opening(data), overview.newest_sources(data)),
    "lens": lambda data: lens.lens(data, ViewState(), judge, lens.coverage(data)),
    "pooled": lambda data: [pooled.shared_abilities(data, lens.TRIO, one) for one in pooled.pooling_measures(data)[:1]],
    "risks": lambda data: risks.risk_board(data, ViewState(x="tokens"), judge),
    "words": lambda data: (vocabulary.task_titles(data), citation.citations(data)),
    "training": lambda data: training.trainings(data, "arc", "arc_easy", "accuracy"),
    "data size": lambda data: (data_size.data_size_view(data, ViewState()), data_size.smaller_wins(data)),
    "dataset": lambda data: dataset.table_view(data, ViewState(table="scores", q="ours")),
    "theory": theory_data.loss_panels,
    "Korean": lambda data: vocabulary.task_titles(localised.localised(data, "ko")),
}


@pytest.mark.parametrize("use", USES)
def test_components_keep_nothing_of_an_own_catalog(use: str) -> None:
    data = own_catalog()
    USES[use](data)
    gone = weakref.ref(data)
    del data
    gc.collect()
    assert gone() is None


def test_assessments_are_kept_on_the_catalog_of_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def count(many: list[Series], **options: Any) -> list[Assessment]:
        judged.append(len(many))
        return assess_many(many, **options)

    monkeypatch.setattr(compute, "assess_many", count)
    one = Series(scale=[1e20, 1e21, 1e22, 1e23], score=[0.25, 0.26, 0.6, 0.9])
    data, state = own_catalog(), dict[str, Any]()
    monkeypatch.setattr(st, "session_state", state)
    compute.assess([("test|published", one)])
    state[compute.OWN_CATALOG] = data
    compute.assess([("test|published", one), ("test|own", one)])
    compute.assess([("test|own", one)])
    assert judged == [1, 1]
    state.clear()
    compute.assess([("test|own", one)])  # nobody else is told
    assert judged == [1, 1, 1]
    gone = weakref.ref(data)
    del data
    gc.collect()
    assert gone() is None


QUERIES: dict[str, dict[str, list[str]]] = {
    "explore": {"task": ["mmlu/average"], "shots": ["5"], "prompting": ["standard"], "family": ["ours", "pythia"]},
    "atlas": {"need": ["mmlu/average:0.5"]},
    "metrics": {},
    "prompting": {},
    "perplexity": {},
    "risks": {"lang": ["ko"]},
    "dataset": {"table": ["scores"], "q": ["ours"]},
}


@pytest.mark.parametrize("page", QUERIES)
def test_pages_keep_nothing_of_an_own_catalog(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = own_catalog()
    app = AppTest.from_file(str(ROOT / shell.SCRIPTS[page]), default_timeout=60)
    app.session_state[compute.OWN_CATALOG] = data
    for name, values in QUERIES[page].items():
        app.query_params[name] = values
    app.run()
    assert not app.exception
    assert data._memo.stores  # it was used
    gone = weakref.ref(data)
    del app, data
    monkeypatch.setattr(shell, "_settled_until", [0.0])
    shell._settle_memory()  # as a page does some minutes later
    assert gone() is None
