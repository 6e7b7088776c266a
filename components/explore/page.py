"""The Explore page: choose an ability, see the curves, the threshold and the claim, take the numbers along."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from components.ability import remarks
from components.ability.figure import ability_figure
from components.ability.model import AbilityView, Choice, ability_view, featured_tasks, task_ids
from components.ability.sentences import headline
from components.core import glossary, verdicts, vocabulary
from components.core.i18n import gettext as _
from components.core.numbers import percent
from components.core.state import FITS, GAINS, RULES, Y_SCALES, Dropped, ViewState
from components.figures.theme import LIGHT
from components.frame import answers, chart, controls, evidence
from components.frame.compute import assess, catalog
from components.frame.share import share
from components.frame.shell import Page


def body(page: Page) -> None:
    """Draw the page."""
    state, data = page.state, catalog()
    view = ability_view(data, state, assess)
    other = None
    if state.compare and state.compare != view.choice.task_id:
        other = ability_view(data, _compared(state), assess)
    page.dropped.extend(view.dropped)
    unusable = [drop for drop in other.dropped if drop.name == "task"] if other is not None else []
    if unusable:  # nothing stands beside rather than what nobody asked for
        page.dropped.append(Dropped("compare", state.compare, unusable[0].reason))
        other = None
    if not state.chart:
        st.title(view.title, anchor=False)
        st.caption(_description(view))
        _controls(page, view.choice)
    _figures(page, view, other)
    _take(page, view, other)
    if state.chart:
        return
    evidence.notes(view)
    evidence.tables([view] if other is None else [view, other])


def _compared(state: ViewState) -> ViewState:
    return state.but(task=state.compare, metric=(), shots="", prompting="", protocol=(), family=())


def _description(view: AbilityView) -> str:
    tasks = catalog().tasks.set_index(["benchmark", "task"])
    key = (view.choice.benchmark, view.choice.task)
    return str(tasks["description"].get(key) or "")


def _controls(page: Page, choice: Choice) -> None:
    data = catalog()
    titles = vocabulary.task_titles(data)
    tasks = task_ids(data)
    featured = set(featured_tasks(data))
    ability, families, more = st.columns([5, 6, 2], vertical_alignment="bottom")
    with ability:
        options = tasks if choice.task_id in tasks else [choice.task_id, *tasks]

        def task_name(task: str) -> str:
            return _("★ {task}").format(task=titles[task]) if task in featured else titles[task]

        key = "explore.task"
        st.session_state[key] = choice.task_id
        st.selectbox(
            _("Ability"), options, key=key, format_func=task_name,
            help=_("★ marks the twelve panels of Wei et al. (2022), Figs 2 and 3."),
            on_change=lambda: page.go(
                task=st.session_state[key], metric=(), shots="", prompting="", protocol=(), family=(), holdout=0
            ),
        )  # fmt: skip
    with families:
        names = vocabulary.option_names(data, choice.family_options)
        controls.several(
            page,
            "family",
            _("Families"),
            choice.family_options,
            value=choice.families,
            names=names.__getitem__,
        )
    with more, st.popover(_("Options"), icon=":material/tune:", width="stretch"):
        _options(page, choice)
    controls.axis(page)


def _options(page: Page, choice: Choice) -> None:
    metrics = catalog().metrics.set_index("metric")["name"]
    controls.choice(
        page, "metric", _("Metric"), choice.metrics, value=choice.metric, names=lambda key: str(metrics[key])
    )
    controls.choice(page, "shots", _("Shots"), choice.shot_options, value=choice.shots, names=vocabulary.shots_name)
    prompting = [*choice.prompting_options, *(["all"] if len(choice.prompting_options) > 1 else [])]
    shown = choice.promptings[0] if len(choice.promptings) == 1 else "all"
    controls.choice(page, "prompting", _("Prompting"), prompting, value=shown, names=vocabulary.prompting_name)
    if len(choice.protocol_options) > 1:
        controls.choice(
            page, "protocol", _("Protocol"), ["", *choice.protocol_options], value=choice.protocol, default="",
            names=lambda key: key or _("the main one of each family"), help=glossary.define("protocol"),
        )  # fmt: skip
    controls.choice(page, "y", _("Vertical axis"), Y_SCALES, names=lambda key: _(vocabulary.Y_NAMES[key]))
    controls.choice(page, "fit", _("Curve"), FITS, names=lambda key: _(vocabulary.FIT_NAMES[key]))
    controls.choice(
        page, "rule", _("Threshold"), RULES, names=lambda key: _(verdicts.RULE_NAMES[key]),
        help="\n".join(f"- **{_(verdicts.RULE_NAMES[key])}**: {_(verdicts.RULE_HELP[key])}" for key in RULES),
    )  # fmt: skip
    controls.choice(
        page, "gain", _("Counts as having left chance"), GAINS,
        names=lambda gain: _("{share} of the way to a perfect score").format(share=percent(gain)),
        help=_("The verdict and the crossing ask where the mean score has come this far from chance."),
    )  # fmt: skip
    controls.number(
        page, "holdout", _("Hold out the largest models"), 0, 6,
        help=_("Refit without the largest models, and see how surprising they are."),
    )  # fmt: skip
    controls.switch(
        page,
        "pool",
        _("Judge all families as one"),
        help=_("Some claims exist only across families; the shift between families counts as scatter."),
    )
    tasks = ["", *task_ids(catalog())]
    titles = vocabulary.task_titles(catalog())
    controls.choice(page, "compare", _("Compare with"), tasks, names=lambda key: titles[key] if key else _("nothing"))


def _figures(page: Page, view: AbilityView, other: AbilityView | None) -> None:
    for place, one in enumerate((view, other)):
        if one is None:
            continue
        if place:
            st.header(one.title, anchor=False)
        sentence = headline(one, page.state.rule)
        if not page.state.chart:
            answers.show(one, page.state.rule, key=f"explore-{place}")
        if not one.shown:
            evidence.nearest(page, one, _compared(page.state) if place else page.state, key=f"nearest-{place}")
            continue
        figure = ability_figure(
            one,
            y=page.state.y,
            fit=page.state.fit,
            rule=page.state.rule,
            theme=page.theme,
            large=page.state.chart,
        )
        name = f"{one.choice.benchmark}-{one.choice.task}-{one.axis}"
        chart.show(figure, key=f"explore-figure-{place}", alt=sentence, filename=name)
        for series in one.shown:
            for line in remarks.heldout_sentences(series, one):
                st.markdown(f":material/visibility_off: {line}")


def _take(page: Page, view: AbilityView, other: AbilityView | None) -> None:
    """Share, download, terms."""
    state = page.state
    views = [view, *([other] if other is not None else [])]
    sentence = headline(view, state.rule)

    def figures() -> list[go.Figure]:
        return [
            ability_figure(one, y=state.y, fit=state.fit, rule=state.rule, theme=LIGHT) for one in views if one.shown
        ]

    share(page, view.title, sentence, views=views, figures=figures, terms=(view.axis, *glossary.EXPLORE))
