"""What the Dataset page says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from components.core.citation import citation, citations, stated
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.i18n import ngettext
from components.core.numbers import on_axis
from components.core.vocabulary import listing
from components.dataset.model import Coverage, TableView
from data.catalog import Catalog

TABLE_NAMES = {
    "models": N_("Models"),
    "scores": N_("Scores"),
    "perplexity": N_("Perplexities"),
    "claims": N_("Claims"),
    "sources": N_("Sources"),
    "tasks": N_("Tasks"),
    "caveats": N_("Caveats"),
    "capability_loadings": N_("Capability axis"),
    "coverage": N_("Coverage"),
}
TABLE_HELP = {
    "models": N_("One row per model; every figure of its scale names the publication it is taken from."),
    "scores": N_("One row per published score, with the table, figure or file that it stands in."),
    "perplexity": N_("Published perplexities. Those of different corpora, units and windows are never mixed."),
    "claims": N_("What publications say about emergence: thresholds, verdicts and classes of tasks."),
    "sources": N_("Publications and repositories. To cite a number, cite its source."),
    "tasks": N_("One row per task, with chance level and number of items where they are published."),
    "caveats": N_("What to know before trusting a number: misprints, contamination, differing harnesses, readings."),
    "capability_loadings": N_(
        "How much each benchmark weighs in the capability axis, the mean that is taken off its scores, and the share of "
        "all variance that the axis explains."
    ),
    "coverage": N_("Which family is scored on which benchmark, and which axes it can be drawn on."),
}
# How a filtered table is described: a sentence for the count and one per filter.
_ROWS = {
    "models": N_("{count} of {total} models."),
    "scores": N_("{count} of {total} scores."),
    "perplexity": N_("{count} of {total} perplexities."),
    "claims": N_("{count} of {total} claims."),
    "sources": N_("{count} of {total} sources."),
    "tasks": N_("{count} of {total} tasks."),
    "caveats": N_("{count} of {total} caveats."),
    "capability_loadings": N_("{count} of {total} weights of the capability axis."),
}


def source_labels(catalog: Catalog) -> dict[str, str]:
    """Source key to the label of a list: citation and title."""
    cited = citations(catalog)
    return {
        str(key): _("{citation}: {title}").format(citation=cited[str(key)], title=title)
        for key, title in zip(catalog.sources["source"], catalog.sources["title"], strict=True)
    }


def model_labels(catalog: Catalog) -> dict[str, str]:
    """Model id to its name; the id is added where two models share a name."""
    rows = catalog.models
    twice = rows["name"].duplicated(keep=False)
    return {
        str(key): _("{name} ({detail})").format(name=name, detail=key) if double else str(name)
        for key, name, double in zip(rows["model_id"], rows["name"], twice, strict=True)
    }


def table_sentence(view: TableView, catalog: Catalog) -> str:
    """What the table shows, filter by filter; also its alt text."""
    count, total = len(view.frame), view.total
    sentences = [_(_ROWS[view.table]).format(count=f"{count:,}", total=f"{total:,}")]
    if view.source:
        sentences.append(_("Only what comes from {source}.").format(source=citations(catalog)[view.source]))
    if view.model:
        sentences.append(_("Only what concerns {model}.").format(model=model_labels(catalog)[view.model]))
    if view.words:
        quoted = listing([_("“{word}”").format(word=word) for word in view.words])
        sentences.append(_("Only rows that contain {words}.").format(words=quoted))
    return " ".join(sentences)


def limit_sentence(limit: int) -> str:
    """That the screen shows a part; the downloads hold everything."""
    return _("The first {limit} rows are shown; search, or download all of them.").format(limit=f"{limit:,}")


def nothing_sentence(view: TableView) -> str:
    """That no row matches."""
    return _("No row of “{table}” matches. The counts beside the tables' names show where something is found.").format(
        table=_(TABLE_NAMES[view.table])
    )


def coverage_sentence(shown: Coverage, families: int, benchmarks: int) -> str:
    """What the matrix shows; also its alt text."""
    filled = int((shown.models > 0).sum())
    text = _(
        "{families} families on {benchmarks} benchmarks: {filled} of {cells} combinations hold at least one model. "
        "Left, the share of each family's scored models that has a place on an axis; right, how many models are scored."
    ).format(
        families=len(shown.families),
        benchmarks=len(shown.benchmarks),
        filled=f"{filled:,}",
        cells=f"{shown.models.size:,}",
    )
    if len(shown.families) > families or len(shown.benchmarks) > benchmarks:
        rest = _("The figure shows the {families} families and {benchmarks} benchmarks with most; the table has all.")
        text = _("{first} {second}").format(
            first=text,
            second=rest.format(
                families=min(families, len(shown.families)), benchmarks=min(benchmarks, len(shown.benchmarks))
            ),
        )
    return text


def count_label(table: str, count: int) -> str:
    """The label of a link to a table: '324 scores'."""
    templates = {
        "models": ngettext("{count} model", "{count} models", count),
        "scores": ngettext("{count} score", "{count} scores", count),
        "perplexity": ngettext("{count} perplexity", "{count} perplexities", count),
        "claims": ngettext("{count} claim", "{count} claims", count),
        "sources": ngettext("{count} source", "{count} sources", count),
        "tasks": ngettext("{count} task", "{count} tasks", count),
        "caveats": ngettext("{count} caveat", "{count} caveats", count),
        "capability_loadings": ngettext(
            "{count} weight of the capability axis", "{count} weights of the capability axis", count
        ),
    }
    return templates[table].format(count=f"{count:,}")


def figure_value(axis: str, value: Any) -> str:
    """A figure of a model's scale in its unit; a release date as printed."""
    return str(value) if axis == "date" else on_axis(float(value), axis)


def model_description(row: Mapping[str, Any], family: str) -> str:
    """Family, architecture and tuning of a model in one line."""
    parts = [family, *(str(row[name]) for name in ("architecture", "tuning") if pd.notna(row.get(name)) and row[name])]
    return " · ".join(parts)


def source_description(row: Mapping[str, Any]) -> str:
    """Authors, year, venue and licence of a publication in one line of plain text."""
    licence, venue = stated(row.get("licence")), stated(row.get("venue"))
    return " · ".join(
        [
            citation(row["authors"], row["year"]),
            *([venue] if venue else []),
            _("licence: {licence}").format(licence=licence) if licence else _("licence not stated"),
        ]
    )


def cite_help(count: int) -> str:
    """What the bibliography holds."""
    return ngettext(
        "BibTeX of the {count} publication that these rows come from",
        "BibTeX of the {count} publications that these rows come from",
        count,
    ).format(count=count)


def imported_sentence(scores: int, models: int, problems: int) -> str:
    """What came of an upload."""
    read = _("{scores} scores of {models} models were read.").format(scores=f"{scores:,}", models=f"{models:,}")
    if not problems:
        return read
    wrong = ngettext("{count} problem was found:", "{count} problems were found:", problems)
    wrong = wrong.format(count=f"{problems:,}")
    return _("{first} {second}").format(first=read, second=wrong)
