"""The planner: choose abilities and targets, get the least scale per family and pooled, and what it costs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from components.ability.model import featured_tasks, resolve, task_ids
from components.core.i18n import gettext as _
from components.core.i18n import ngettext
from components.core.state import ViewState
from components.core.vocabulary import axis_name, plain, task_titles
from components.frame import chart, controls
from components.frame.compute import assess, catalog
from components.frame.shell import Page, jump, link
from components.planner import words
from components.planner.figure import planner_figure
from components.planner.model import Need, Plan, Row, make_plan, pooled_elsewhere, read_needs, setting
from data.catalog import Catalog
from data.memo import kept

AXES_COMPARED = ("flops", "params", "tokens", "date")
POWERS = ("flops", "params", "tokens")
MOST_NEEDS = 8


def body(page: Page) -> None:
    """Draw the planner board."""
    needs, problems = read_needs(catalog(), page.state)
    if not page.state.chart:
        for problem in problems:
            st.warning(plain(words.problem_sentence(problem)), icon=":material/error:")
        _needs(page, needs)
    if not needs:
        if not page.state.chart:
            _examples(page)
            _cost(page, None)
        return
    plan = _plan(catalog(), page.state.x, page.state.family, needs)
    sentence = words.plan_sentence(plan)
    answered = [row for row in plan.rows if row.answered]
    if not page.state.chart:
        st.markdown(plain(sentence))
    if answered or (plan.pooled is not None and plan.pooled.answered):
        figure = planner_figure(plan, theme=page.theme, large=page.state.chart)
        chart.show(figure, key="planner-figure", alt=sentence, filename="planner")
        if not page.state.chart:
            st.caption(words.marks_caption(plan))
    if page.state.chart:
        return
    _unanswered(page, plan)
    st.caption(words.rules_caption())
    chart.table(
        words.plan_frame(plan), key="planner-table", filename="planner", label=_("Every family and need"),
        scientific=(_("Least scale"), _("Low"), _("High"), _("Its place")) if plan.axis in POWERS else (),
    )  # fmt: skip
    axes, cost = st.container(), st.container()
    if plan.axis == "flops":  # the rest of the page need not wait for the other axes
        with cost:
            _cost(page, plan.pooled.value if plan.pooled is not None and plan.pooled.answered else None)
        with axes:
            _axes(page, plan, needs)
        return
    with axes:
        flops = _axes(page, plan, needs)
    with cost:
        _cost(page, flops)


@kept(size=32)
def _plan(data: Catalog, axis: str, families: tuple[str, ...], needs: tuple[Need, ...]) -> Plan:
    """The plan, shared by all sessions that ask the same."""
    return make_plan(data, ViewState(x=axis, family=families), needs, assess)


@kept(size=32)
def _elsewhere(
    data: Catalog, axes: tuple[str, ...], families: tuple[str, ...], needs: tuple[Need, ...]
) -> dict[str, Row | None]:
    """The pooled answer on other axes."""
    states = [ViewState(x=axis, family=families) for axis in axes]
    return dict(zip(axes, pooled_elsewhere(data, states, needs, assess), strict=True))


def _needs(page: Page, needs: tuple[Need, ...]) -> None:
    """The chosen needs, each with its way to Explore and a button to drop it; and the form for one more."""
    titles = task_titles(catalog())
    kinds = catalog().metrics.set_index("metric")["kind"].astype(str).to_dict()
    for place, need in enumerate(needs):
        choice, _dropped = resolve(catalog(), setting(catalog(), need.task))
        shown = words.score_text(need.target, proportion=kinds.get(choice.metric) == "proportion")
        rest = tuple(text for text in page.state.need if text != need.text)
        with st.container(horizontal=True, vertical_alignment="center", key=f"planner-need-{place}"):
            view_state = setting(catalog(), need.task).but(x=page.state.x, lang=page.state.lang)
            label = _("{title}: target {target}").format(title=titles.get(need.task, need.task), target=shown)
            link("explore", label, view_state, icon=":material/flag:")
            st.button(
                _("Remove"), key=f"planner-remove-{place}", icon=":material/close:", on_click=page.go,
                kwargs={"need": rest, "board": "planner"}, type="tertiary",
            )  # fmt: skip
    if len(page.state.need) >= MOST_NEEDS:
        st.caption(_("At most {count} needs at a time.").format(count=MOST_NEEDS))
        return
    tasks = task_ids(catalog())
    ability, target, add = st.columns([6, 2, 2], vertical_alignment="bottom")
    with ability:
        task = st.selectbox(
            _("Ability"), tasks, key="planner.task", format_func=lambda key: titles.get(key, key), index=None,
            placeholder=_("Search and choose"),
        )  # fmt: skip
    with target:
        value = st.number_input(
            _("Target (0.6 for 60 %)"), value=0.5, step=0.05, key="planner.target", format="%g",
            help=_("Scores that are shares are fractions: 0.6 is 60 %."),
        )  # fmt: skip
    with add:
        st.button(
            _("Add"), key="planner-add", icon=":material/add:", disabled=task is None, on_click=page.go,
            kwargs={"need": (*page.state.need, f"{task}:{value:g}"), "board": "planner"},
        )  # fmt: skip


def _examples(page: Page) -> None:
    """Without a need there is no figure; offer two that work."""
    st.info(
        _("Choose abilities and the scores they shall have: the planner names the least scale that gives them all."),
        icon=":material/flag:",
    )
    titles = task_titles(catalog())
    metrics = catalog().metrics.set_index("metric")["kind"]
    tasks = [
        task
        for task in featured_tasks(catalog())
        if metrics.get(resolve(catalog(), ViewState(task=task))[0].metric) == "proportion"
    ]
    for place, example in enumerate((tasks[-1:], tasks[:2])):
        if example:
            needs = tuple(f"{task}:0.5" for task in example)
            label = _("Example: {needs}").format(needs=", ".join(f"{titles.get(task, task)} 50 %" for task in example))
            there = page.state.but(need=needs, board="")
            jump(page, label, there, key=f"example-{place}", icon=":material/arrow_forward:")


def _unanswered(page: Page, plan: Plan) -> None:
    """Families for which no scale is named, each with the reason."""
    rest = [row for row in plan.rows if not row.answered]
    if not rest:
        return
    label = ngettext(
        "No scale is named for {count} family", "No scale is named for {count} families", len(rest)
    ).format(count=len(rest))  # fmt: skip
    with st.expander(label, icon=":material/block:", expanded=not any(row.answered for row in plan.rows)):
        st.markdown("\n".join(f"- {plain(words.row_sentence(row, plan))}" for row in rest))


def _axes(page: Page, plan: Plan, needs: tuple[Need, ...]) -> float | None:
    """The pooled answer on every axis; returns the one in FLOPs, if there is one."""
    st.header(_("Pooled over all families, axis by axis"), anchor=False)
    others = tuple(axis for axis in AXES_COMPARED if axis != plan.axis)
    with st.spinner(_("Judging the pooled curves on the other axes")):
        found = {plan.axis: plan.pooled, **_elsewhere(catalog(), others, page.state.family, needs)}
    rows, flops = [], None
    for axis in AXES_COMPARED:
        row = found[axis]
        if row is None:
            continue
        if axis == "flops" and row.answered:
            flops = row.value
        answer = words.place(row.value, axis) if row.value is not None else words.status_name(row.status, axis)
        binding = words.target_text(needs[row.binding], plan.views[row.binding]) if row.binding is not None else ""
        rows.append(
            {
                _("Axis"): axis_name(axis),
                _("Least scale"): answer,
                _("Interval"): words.interval_text(row.low, row.high, axis) if row.answered else "",
                _("Standing"): words.status_name(row.status, axis),
                _("What decides"): binding,
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, key="planner-axes")
    st.caption(words.axes_caption())
    return flops


def _cost(page: Page, flops: float | None) -> None:
    """A budget in FLOPs as parameters and tokens under each law, and as accelerator hours."""
    st.header(_("What a budget buys and costs"), anchor=False)
    budget, peak, use = st.columns(3, vertical_alignment="bottom")
    if flops is None:
        with budget:
            controls.number(page, "budget", _("Budget (log10 FLOPs)"), 15.0, 30.0, step=0.05, format="%.2f")
        flops = 10**page.state.budget
    else:
        with budget:
            st.markdown(_("The pooled least scale above: {scale}").format(scale=words.place(flops, "flops")))
    with peak:
        controls.number(
            page, "peak", _("Peak of one accelerator (TFLOP/s)"), 10.0, 2500.0, step=1.0, format="%.0f",
            help=_("312 TFLOP/s is the dense bfloat16 peak of an NVIDIA A100 ([data sheet]({url})).").format(
                url=words.PEAK_SOURCE
            ),
        )  # fmt: skip
    with use:
        controls.number(
            page, "utilisation", _("Utilisation"), 0.05, 1.0, step=0.01, format="percent",
            help=_("The share of the peak that goes into the model's own arithmetic."),
        )  # fmt: skip
    st.markdown(words.cost_sentence(flops, page.state.peak, page.state.utilisation))
    chart.table(words.law_frame(flops), key="planner-laws", filename="compute-optimal",
                label=_("The compute-optimal model of this budget under each law"),
                columns={_("Tokens per parameter"): st.column_config.NumberColumn(format="%.1f"),
                         _("Loss (nats per token)"): st.column_config.NumberColumn(format="%.3f")})  # fmt: skip
    st.caption(_("Under C = 6ND; losses of different laws do not compare, as each has its own tokenizer."))
