"""The Methods page: what the numbers mean in plain words, the handbook from the code's documentation, the glossary."""

from __future__ import annotations

import streamlit as st

from components.core import glossary
from components.core.i18n import DEFAULT_LANGUAGE, language
from components.core.i18n import gettext as _
from components.frame import chart, widgets
from components.frame.compute import catalog
from components.frame.share import share
from components.frame.shell import Page
from components.methods.calibration import calibration_sentence, calibration_table, measured
from components.methods.figure import calibration_figure
from components.methods.model import PLAIN, Entry, pieces, sections


def body(page: Page) -> None:
    """Draw the page."""
    title = _("How everything is computed")
    st.title(title, anchor=False)
    found = sections()
    st.markdown(
        _("How curves are judged, in plain words; below it the reference of every function, for those who compute.")
    )
    places = [
        *((_("In plain words"), "plain"), (_("How well it is calibrated"), "calibration")),
        *((_("Reference"), "reference"), (_("Terms"), "terms"), (_("Keyboard"), "keyboard")),
    ]
    st.markdown(" · ".join(f"[{name}](#{anchor})" for name, anchor in places))
    st.header(_("In plain words"), anchor="plain")
    for name, text, terms in PLAIN:
        st.subheader(_(name), anchor=False)
        st.markdown(_(text))
        st.markdown(glossary.help_for(terms))
    _calibration(page)
    st.header(_("Reference"), anchor="reference", divider="gray")
    st.markdown(
        _("This part is the documentation inside the code that runs here. Data version {version}.").format(
            version=f"`{catalog().version[:12]}`"
        )
    )
    if language() != DEFAULT_LANGUAGE:
        st.caption(_("The descriptions of functions come from the code and stay in its language, English."))
    st.markdown(" · ".join(f"[{_(section.title)}](#{_anchor(place)})" for place, section in enumerate(found)))
    st.html("<style>.katex-display { overflow-x: auto; overflow-y: hidden; padding: 2px 0; }</style>")
    for place, section in enumerate(found):
        st.header(_(section.title), anchor=_anchor(place))
        st.markdown(section.text)
        for entry in section.entries:
            _entry(entry)
        if section.notes:
            st.subheader(_("How it works inside"), anchor=False)
        for name, text, constants in section.notes:
            with st.expander(f"`{name}`"):
                st.markdown(text)
                for constant in constants:
                    _entry(constant)
    st.header(_("Terms"), anchor="terms")
    st.markdown(glossary.help_for(glossary.TERMS))
    st.header(_("Keyboard"), anchor="keyboard")
    for keys, meaning in widgets.key_rows(talk=True):
        st.markdown(_("- {keys}: {meaning}").format(keys=" ".join(f"`{key}`" for key in keys), meaning=meaning))
    share(page, title, "")


def _calibration(page: Page) -> None:
    """The simulation study: a claim of calibration counts as much as the figures that hold it."""
    table = measured()
    if not len(table):
        return
    st.header(_("How well it is calibrated"), anchor="calibration")
    sentence = calibration_sentence(table)
    st.markdown(sentence)
    with chart.wide("calibration"):
        chart.show(
            calibration_figure(table, theme=page.theme), key="calibration-figure", alt=sentence, filename="calibration"
        )
    st.caption(
        _(
            "Logistic or Gompertz steps over five decades, 5 to 12 sizes, 100 to 2,000 items, chance at 25 %. The grey "
            "band is our target, 93 to 97 %. Slow packages judge a part of the same series. `make bench` repeats the "
            "study from its printed seed; benchmarks/results holds all tables, false claims and power among them."
        )
    )
    chart.table(
        calibration_table(table),
        key="calibration",
        filename="calibration",
        label=_("The table as shown, with full precision"),
    )


def _anchor(place: int) -> str:
    return f"methods-{place + 1}"


def _entry(entry: Entry) -> None:
    if entry.kind == "constant":
        st.markdown(f"`{entry.signature}`: {entry.text}")
        return
    st.subheader(entry.name, anchor=entry.anchor)
    st.code(entry.signature, language=None, wrap_lines=True)
    st.markdown(entry.text)
    for formula in entry.formulas:
        for piece in pieces(formula):
            st.latex(piece)
    if entry.arguments:
        st.markdown("\n".join(f"- `{name}`: {text}" for name, text in entry.arguments))
    for heading, text in entry.sections:
        st.markdown(f"**{heading}**: {text}")
    if entry.methods:
        with st.expander(_("What it offers")):
            st.markdown("\n".join(f"- {name}: {text}" for name, text in entry.methods))
