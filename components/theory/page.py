"""The theory lab: four mechanisms with a figure and live sliders, a fifth in words, and where the data show it."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go
import streamlit as st

from components.core.i18n import gettext as _
from components.core.numbers import decimal
from components.core.state import shared
from components.core.vocabulary import task_titles
from components.figures.theme import enlarge, name_figure
from components.frame import chart, controls
from components.frame.compute import catalog
from components.frame.share import share
from components.frame.shell import Page, link, write
from components.theory import figure as figures
from components.theory import words
from components.theory.data import LossPanel, loss_panels, on_real_data
from components.theory.model import (
    PARTS,
    QuantaLab,
    SamplingLab,
    StepsLab,
    canonical,
    part_of,
    quanta_lab,
    sampling_lab,
    steps_lab,
)
from data.catalog import Catalog
from data.memo import kept
from emergence.laws import HOFFMANN, KAPLAN_PARAMETERS
from emergence.mechanisms import rise_width

FORMULAS = {
    "quanta": (
        r"p_k = \frac{k^{-(\alpha+1)}}{\zeta(\alpha+1)}",
        r"L_n - L_\infty = \frac{b-a}{\alpha\,\zeta(\alpha+1)}\; n^{-\alpha}",
        r"\alpha_N = \alpha, \qquad \alpha_D = \alpha_S = \frac{\alpha}{\alpha+1}",
    ),
    "steps": (
        r"\text{success} = p^{\,L} = e^{-L\,(N/c)^{-\alpha}}",
        r"\log_{10}\frac{N_{90\,\%}}{N_{10\,\%}} = \frac{1}{\alpha}\log_{10}\frac{\ln 0.1}{\ln 0.9}"
        r" = \frac{1.3395}{\alpha}",
    ),
    "sampling": (
        r"k^* = \min\{k : P(\mathrm{Bin}(n, g) \ge k) \le 0.05\}",
        r"E = T\,q\,(1-q)^{K-1}",
        r"q = P(\mathrm{Bin}(n, g) \ge k^*)",
    ),
    "loss": (r"s(L) = g \;\text{ for }\; L \ge \eta", r"s(L) > g \;\text{ for }\; L < \eta"),
    "depth": (r"\ell \text{ steps in sequence} \;\Rightarrow\; O(\ell) \text{ layers}",),
}
TERMS = {
    "quanta": ("quantum", "nats", "params", "tokens"),
    "steps": ("width", "implied_exponent", "sudden", "gradual"),
    "sampling": ("items", "chance", "stderr", "false_discovery"),
    "loss": ("perplexity", "nats", "chance"),
    "depth": ("params", "cot", "scratchpad"),
}
ITEMS = (1, 2, 5, 10, 20, 32, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
TASKS = (1, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)


class _LabPage(Page):
    """A page whose address names the part only where the sliders do not tell it."""

    def go(self, **changes: object) -> None:
        write(self.name, canonical(self.state.but(**changes)))


def body(page: Page) -> None:
    """Draw the page."""
    part, dropped = part_of(page.state)
    page.dropped.extend(dropped)
    lab = _LabPage(page.name, replace(page.state, panel=part), page.theme, page.dropped)
    if not page.state.chart:
        st.title(_("Theory lab"), anchor=False)
        st.caption(
            _(
                "Why could abilities emerge? Five mechanisms, each alone: four with sliders that live in the address, "
                "depth in words."
            )
        )
        controls.segments(lab, "panel", _("Mechanism"), PARTS, names=lambda key: _(words.PART_NAMES[key]))
        st.header(_(words.QUESTIONS[part]), anchor=False)
        st.markdown(words.explanation(part))
        for formula in FORMULAS[part]:
            st.latex(formula)
    _PARTS[part](lab)
    if not page.state.chart:
        _real(page, part)


def _show(page: Page, figure: go.Figure, sentence: str, part: str) -> None:
    if page.state.chart:
        name_figure(figure, _(words.QUESTIONS[part]))
        enlarge(figure)
    else:
        st.markdown(sentence)
    chart.show(figure, key=f"theory-{part}", alt=sentence, filename=f"theory-{part}")
    share(page, _(words.QUESTIONS[part]), sentence, terms=TERMS[part])


# -- parts -------------------------------------------------------------------------------------------------


def _quanta(page: Page) -> None:
    if not page.state.chart:
        left, right = st.columns(2)
        with left:
            controls.number(
                page, "alpha", _("Zipf exponent α"), 0.01, 2.0, step=0.001, format="%.3f",
                help=_("How fast the use of quanta falls with their rank: frequency ~ rank^−(α + 1)."),
            )  # fmt: skip
        with right:
            controls.number(
                page, "quanta", _("Largest model: 10 to the power of … quanta"), 1.0, 8.0, step=0.5, format="%.1f"
            )
    lab = _quanta_lab(page.state.alpha, page.state.quanta)
    _show(page, figures.quanta_figure(lab, page.theme, large=page.state.chart), words.quanta_sentence(lab), "quanta")
    if page.state.chart:
        return
    st.caption(
        _(
            "Constants: a learned quantum costs a = 0 and an unlearned one b = 1 nat; one parameter, one example or "
            "one step for each quantum. Simulated with 8 runs of a fixed seed and up to 3,000 quanta from data and steps; "
            "exponents are fitted where 20 quanta or more are learned, ± is the Monte Carlo standard error."
        )
    )
    st.markdown(_("**Published exponents.** The model ties the two: an exponent in data must be α / (α + 1)."))
    chart.table(
        words.exponents_table(page.state.alpha), key="theory-exponents", filename="published-exponents",
        label=_("Exponents of the loss as published, with what the model predicts"),
    )  # fmt: skip
    with st.expander(_("The numbers in the figure"), icon=":material/table:"):
        chart.table(
            words.quanta_table(lab), key="theory-quanta-table", filename="quanta", label=_("The simulated runs"),
            scientific=(_("Amount"), _("Simulated mean loss"), _("Spread over runs")),
        )  # fmt: skip


def _steps(page: Page) -> None:
    if not page.state.chart:
        first, second, third = st.columns(3)
        with first:
            controls.number(page, "steps", _("Steps L of the task"), 1, 200)
        with second:
            controls.number(
                page, "step_accuracy", _("Accuracy p of one step, this model"), 0.5, 1.0, step=0.005, format="%.3f"
            )
        with third:
            controls.number(
                page, "alpha", _("Exponent α of the loss of a step"), 0.01, 2.0, step=0.001, format="%.3f",
                help=_("Kaplan et al. measured 0.076 for the mean loss in parameters, Hoffmann et al. 0.34."),
            )  # fmt: skip
    state = page.state
    lab = _steps_lab(state.alpha, state.step_accuracy, state.steps)
    sentence = " ".join([words.steps_sentence(lab), words.steps_judged(lab)])
    _show(page, figures.steps_figure(lab, page.theme, large=state.chart), sentence, "steps")
    if state.chart:
        return
    exponents = (KAPLAN_PARAMETERS.exponent, round(HOFFMANN.a_exponent, 3))
    st.caption(words.steps_constants({alpha: float(rise_width(alpha)) for alpha in exponents}))
    st.caption(
        _(
            "The loss on the task's own steps may fall faster than the mean loss: a jump that is too sharp for the "
            "mean loss refutes only that one."
        )
    )
    with st.expander(_("The numbers in the figure"), icon=":material/table:"):
        chart.table(
            words.steps_table(lab), key="theory-steps-table", filename="steps",
            label=_("Scales of 10, 50 and 90 % found on the curves, in decades from this model"),
        )  # fmt: skip


def _sampling(page: Page) -> None:
    if not page.state.chart:
        first, second, third = st.columns(3)
        with first:
            controls.stops(page, "items", _("Items n of the test set"), ITEMS, names=lambda n: decimal(n, 0))
        with second:
            controls.number(page, "chance", _("Chance g"), 0.0, 0.9, step=0.01, format="%.2f")
        with third:
            controls.stops(page, "tasks", _("Tasks T that one looks at"), TASKS, names=lambda n: decimal(n, 0))
    state = page.state
    lab = _sampling_lab(state.items, state.chance, state.tasks)
    _show(page, figures.sampling_figure(lab, page.theme, large=state.chart), words.sampling_sentence(lab), "sampling")
    if state.chart:
        return
    st.caption(
        _(
            "Exact binomial tests at 5 %, one-sided. K = 5 models; tasks and models count as independent; the board is "
            "drawn with a fixed seed, at most 300 of its lines are shown."
        )
    )
    chart.table(
        words.sampling_table(lab), key="theory-sampling-table", filename="items-needed",
        label=_("Items from which on every larger test set finds the effect with 80 % power"),
    )  # fmt: skip


def _loss(page: Page) -> None:
    panels = _loss_panels(catalog())
    if not panels:
        st.info(_("No ability has scores of models whose perplexity is published."), icon=":material/info:")
        return
    if not page.state.chart:
        controls.number(page, "loss", _("Threshold η (nats per token)"), 0.5, 10.0, step=0.05, format="%.2f")
    sentence = words.loss_sentence(panels, page.state.loss)
    figure = figures.loss_figure(panels, page.state.loss, page.theme, large=page.state.chart)
    _show(page, figure, sentence, "loss")
    if page.state.chart:
        return
    st.caption(words.loss_caption(panels))
    with st.expander(_("The numbers in the figure"), icon=":material/table:"):
        chart.table(
            words.loss_table(panels), key="theory-loss-table", filename="loss-threshold",
            label=_("Exactly the points that are drawn, with sources"),
        )  # fmt: skip


def _depth(page: Page) -> None:
    sentence = words.depth_sentence()
    st.info(sentence, icon=":material/info:")
    share(page, _(words.QUESTIONS["depth"]), sentence, terms=TERMS["depth"])


_PARTS = {"quanta": _quanta, "steps": _steps, "sampling": _sampling, "loss": _loss, "depth": _depth}


def _real(page: Page, part: str) -> None:
    """Where published scores show it."""
    views = on_real_data(catalog(), part)
    if not views:
        return
    st.markdown(_("**On real data**"))
    titles = task_titles(catalog())
    for target, state in views:
        own_axis = state.x if state.x != "flops" else shared(page.state).x
        link(
            target, words.real_label(target, state, titles), state.but(x=own_axis, lang=page.state.lang),
            icon=":material/arrow_forward:",
        )  # fmt: skip


# -- shared by all sessions --------------------------------------------------------------------------------


@st.cache_data(show_spinner=False, max_entries=256)
def _quanta_lab(alpha: float, decades: float) -> QuantaLab:
    return quanta_lab(alpha, decades)


@st.cache_data(show_spinner=False, max_entries=256)
def _steps_lab(alpha: float, accuracy: float, steps: int) -> StepsLab:
    return steps_lab(alpha, accuracy, steps)


@st.cache_data(show_spinner=False, max_entries=256)
def _sampling_lab(items: int, chance: float, tasks: int) -> SamplingLab:
    return sampling_lab(items, chance, tasks)


@kept()
def _loss_panels(data: Catalog) -> list[LossPanel]:
    return loss_panels(data)
