"""A view as one zip: points with sources, state, figure, citation, and a script that recomputes its numbers.

Nothing here needs Streamlit: a notebook can build the same file from a state.
"""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

import emergence
from components.ability import reproduce
from components.ability.method_references import methods_of
from components.ability.model import AbilityView, ShownSeries
from components.ability.tables import points_table, verdict_table
from components.core import citation
from components.core.export import to_csv
from components.core.i18n import gettext as _
from components.core.i18n import language
from components.core.state import ViewState, encode
from components.core.vocabulary import series_name
from components.prompting.model import ContrastView
from data.catalog import Catalog
from data.series import AXES
from emergence import Assessment, Series
from emergence.answers import GAIN

GRID = 25  # places at which the script compares each curve
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same view gives the same bytes
_COLUMNS = (
    *("curve", "family", "model_id", "model_name", "axis", "value", "estimated", "score", "unit", "chance"),
    *("n_examples", "stderr", "higher_is_better", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"),
    *("held_out", "source", "locator", "extraction", "via", "x_source", "x_locator", "note"),
)


@dataclass(frozen=True)
class Curve:
    """One fitted curve: the points of `members` (values of the column `curve`) as one series, and what came of it."""

    key: str
    name: str
    axis: str
    members: Sequence[str]
    series: Series
    assessment: Assessment
    shape: str | None = None  # as drawn; None is the model's own
    sudden_from: str = ""  # the curve on another axis that judged the suddenness

    @property
    def grid(self) -> np.ndarray:
        """Coordinates at which the script compares the curve."""
        scale = np.asarray(self.series.scale, float)
        return AXES[self.axis].even(scale.min(), scale.max(), GRID) if len(scale) else np.array([])


@dataclass(frozen=True)
class Capture:
    """What a page shows, ready to be packed. Pages without fitted curves leave `curves` empty."""

    page: str
    state: ViewState
    title: str
    sentence: str
    address: str
    data_version: str
    tables: Mapping[str, pd.DataFrame]
    figures: Sequence[go.Figure]
    sources: pd.DataFrame  # rows of catalog.sources
    methods: Sequence[Mapping[str, str]] = ()
    points: pd.DataFrame = field(default_factory=pd.DataFrame)
    curves: Sequence[Curve] = ()
    gain: float = GAIN
    crossovers: Sequence[Mapping[str, str]] = ()  # name, without, with: names and keys of curves

    @property
    def name(self) -> str:
        """The stem of the file's name."""
        task = self.state.task.replace("/", "-") if self.state.task else ""
        return "-".join(part for part in ("emergence", self.page or "overview", task, self.state.x) if part)


# -- the ability view --------------------------------------------------------------------------------------


def capture_ability(
    catalog: Catalog,
    views: Sequence[AbilityView],
    state: ViewState,
    *,
    page: str = "explore",
    title: str = "",
    sentence: str,
    address: str,
    figures: Sequence[go.Figure],
) -> Capture:
    """Abilities as a capture, with everything that the script needs; the title is that of the first view."""
    shown = [view for view in views if view.shown]
    points = [frame for place, view in enumerate(shown) for frame in _points(view, place)]
    curves: list[Curve] = []
    for place, view in enumerate(shown):
        keys = [_curve_id(place, series) for series in view.shown]
        pooled = [(view.pooled, keys)] if view.pooled is not None else []
        for series, members in [*((one, [key]) for one, key in zip(view.shown, keys, strict=True)), *pooled]:
            if series.series is None or series.assessment is None:
                continue
            name = _("pooled") if series is view.pooled else series_name(series, view)
            shape = _offered(series.assessment, state.fit)
            key = _curve_id(place, series)
            judge = series.judge
            judged_by = f"{key}:sudden" if judge is not None and judge.fit is not None else ""
            curves.append(Curve(key, name, view.axis, members, series.series, series.assessment, shape, judged_by))
            if judge is not None and judge.fit is not None and judge.assessment is not None:
                named = _("{name}, suddenness").format(name=name)
                curves.append(Curve(judged_by, named, judge.axis, [judged_by], judge.fit.series, judge.assessment))
                there = judge.fit.points.assign(curve=judged_by, axis=judge.axis, held_out=False)
                points.append(there.reindex(columns=list(_COLUMNS)))
    tables: dict[str, pd.DataFrame] = {}
    for place, view in enumerate(shown):
        suffix = f"-{place + 1}" if place else ""
        tables |= {f"verdicts{suffix}": verdict_table(view), f"points{suffix}": points_table(view)}
    return Capture(
        page=page,
        state=state,
        title=title or views[0].title,
        sentence=sentence,
        address=address,
        data_version=catalog.version,
        tables=tables,
        figures=figures,
        sources=_sources(catalog, shown),
        methods=[dict(row) for view in shown for row in methods_of(view, state)],
        points=pd.concat(points, ignore_index=True) if points else pd.DataFrame(columns=list(_COLUMNS)),
        curves=curves,
        gain=state.gain,
    )


def capture_contrast(
    catalog: Catalog,
    view: ContrastView,
    state: ViewState,
    *,
    title: str,
    sentence: str,
    address: str,
    figures: Sequence[go.Figure],
    tables: Mapping[str, pd.DataFrame],
) -> Capture:
    """A technique with and without, as a capture: both curves of every family and where they cross."""
    points, crossovers = [], []
    curves: list[Curve] = []
    for pair in view.pairs:
        keys = []
        for word, frame, series, fit in (
            (_("without"), pair.without, pair.series_without, pair.fit_without),
            (_("with"), pair.with_, pair.series_with, pair.fit_with),
        ):
            keys.append(f"{len(curves) + 1}:{pair.family}")
            points.append(frame.assign(curve=keys[-1], axis=view.axis, held_out=False).reindex(columns=list(_COLUMNS)))
            name = _("{family}, {which}").format(family=pair.name, which=word)
            curves.append(Curve(keys[-1], name, view.axis, keys[-1:], series, fit))
        crossovers.append({"name": pair.name, "without": keys[0], "with": keys[1]})
    together = pd.concat(points, ignore_index=True) if points else pd.DataFrame(columns=list(_COLUMNS))
    keys_of = pd.concat([together["source"], together["x_source"], view.claims["source"]]).dropna().astype(str)
    rows = catalog.sources
    return Capture(
        page="prompting",
        state=state,
        title=title,
        sentence=sentence,
        address=address,
        data_version=catalog.version,
        tables=tables,
        figures=figures,
        sources=rows[rows["source"].astype(str).isin(keys_of)],
        points=together,
        curves=curves,
        crossovers=crossovers,
    )


def capture_page(
    catalog: Catalog,
    page: str,
    state: ViewState,
    *,
    title: str,
    sentence: str,
    address: str,
    figures: Sequence[go.Figure],
    tables: Mapping[str, pd.DataFrame],
) -> Capture:
    """Any page as a capture: its figures and tables, and the publications that the tables name."""
    cells: set[str] = set()
    for frame in tables.values():
        for column in frame.columns:
            if str(column).casefold().startswith((_("Source").casefold(), "source")):
                cells |= set(frame[column].dropna().astype(str))
    rows = catalog.sources
    label = rows["authors"].astype(str) + " (" + rows["year"].astype(str).str.removesuffix(".0") + ")"
    named = rows["source"].astype(str).isin(cells) | label.isin(cells)
    return Capture(page, state, title, sentence, address, catalog.version, tables, figures, rows[named])


def _curve_id(place: int, series: ShownSeries) -> str:
    return ":".join(part for part in (str(place + 1), series.option, series.prompting) if part)


def _points(view: AbilityView, place: int) -> Iterable[pd.DataFrame]:
    for series in view.shown:
        points = series.points
        extra = {
            "curve": _curve_id(place, series),
            "axis": view.axis,
            "held_out": np.arange(len(points)) >= len(points) - series.held,
        }
        yield points.assign(**extra).reindex(columns=list(_COLUMNS))


def _curve(curve: Curve) -> dict[str, Any]:
    """What the script needs to know of one curve beside its points."""
    fitted = curve.series
    options = {
        name: getattr(fitted, name)
        for name in ("chance", "ceiling", "higher_is_better", "log_scale", "proportion", "pool", "sudden_within")
    }
    return {
        "curve": curve.key,
        "name": curve.name,
        "axis": curve.axis,
        "members": list(curve.members),
        "uses_n_examples": fitted.n_examples is not None,
        "uses_stderr": fitted.stderr is not None,
        "options": options,
        "grouped": fitted.group is not None,
        "shape": curve.shape,
        "sudden_from": curve.sudden_from,
        "grid": [float(value) for value in curve.grid],
    }


def _results(capture: Capture) -> dict[str, Any]:
    """The numbers of the page, as the script will compute them."""
    fits = {curve.key: curve.assessment for curve in capture.curves}
    return {
        "curves": {
            curve.key: reproduce.numbers(curve.assessment, list(curve.grid), curve.shape) for curve in capture.curves
        },
        "crossovers": reproduce.crossings(capture.crossovers, fits),
    }


def _offered(assessment: Assessment, fit: str) -> str | None:
    """The curve's shape as the reader chose it; None, the model's own, where these points cannot bear it."""
    try:
        assessment.curve(np.array([1.0]), shape=fit)
    except ValueError:
        return None
    return fit


def _sources(catalog: Catalog, views: Sequence[AbilityView]) -> pd.DataFrame:
    """Exactly the publications behind the points, their places on the axis, the claims and the caveats."""
    keys: set[str] = set()
    for view in views:
        for series in view.shown:
            keys |= set(series.points["source"].astype(str)) | set(series.points["x_source"].dropna().astype(str))
        keys |= set(view.claims["source"].astype(str)) | set(view.caveats["source"].dropna().astype(str))
    return catalog.sources[catalog.sources["source"].astype(str).isin(keys)]


# -- the zip -----------------------------------------------------------------------------------------------


def build(capture: Capture, svg: str = "") -> bytes:
    """Pack a capture. `svg` is the figure as the reader's browser drew it, if it did."""
    files: dict[str, str | bytes] = {
        "README.txt": _readme(capture, bool(svg)),
        "view.json": _json(_view(capture)),
        "references.bib": _bibliography(capture),
    }
    for place, figure in enumerate(capture.figures):
        files[f"figure{f'-{place + 1}' if place else ''}.html"] = figure_html(capture, figure)
    if svg:
        files["figure.svg"] = svg
    for name, frame in capture.tables.items():
        files[f"tables/{name}.csv"] = to_csv(frame)
    if capture.curves:
        files["points.csv"] = to_csv(capture.points)
        files["results.json"] = _json(_results(capture))
        files["reproduce.py"] = Path(reproduce.__file__).read_text(encoding="utf-8")
        files |= _core_sources()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{capture.name}/{name}", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def _view(capture: Capture) -> dict[str, Any]:
    return {
        "title": capture.title,
        "sentence": capture.sentence,
        "address": capture.address,
        "page": capture.page,
        "state": encode(capture.state, capture.page),
        "language": language(),
        "data_version": capture.data_version,
        "software": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scipy")},
        },
        "gain": capture.gain,
        "curves": [_curve(curve) for curve in capture.curves],
        "crossovers": list(capture.crossovers),
    }


def _bibliography(capture: Capture) -> str:
    return citation.bibtex(
        pd.concat([capture.sources, pd.DataFrame(capture.methods)]).drop_duplicates("source", ignore_index=True)
        if capture.methods
        else capture.sources
    )


def figure_html(capture: Capture, figure: go.Figure) -> str:
    """The figure with its sentence as one HTML file that needs no network."""
    config = {
        "displaylogo": False,
        "responsive": True,
        "toImageButtonOptions": {"format": "svg", "filename": capture.name},
    }
    drawing = figure.to_html(full_html=False, include_plotlyjs=True, config=config, div_id="figure")
    title, sentence, address = (escape(text) for text in (capture.title, capture.sentence, capture.address))
    return (
        f'<!DOCTYPE html>\n<html lang="{language()}">\n<head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<style>body{font-family:sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b2430}</style>\n"
        f"</head>\n<body>\n<h1>{title}</h1>\n<p>{sentence}</p>\n"
        f'<div role="img" aria-label="{sentence}">{drawing}</div>\n'
        f'<p><a href="{address}">{address}</a></p>\n</body>\n</html>\n'
    )


def _core_sources() -> dict[str, str]:
    """The statistical core as it runs here, so that the script gives these numbers in ten years too."""
    folder = Path(emergence.__file__).parent
    return {
        f"emergence/{path.relative_to(folder).as_posix()}": path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.py"))
        if path.name not in ("sweep.py", "__main__.py")
    }


def _readme(capture: Capture, has_svg: bool) -> str:
    lines = [capture.title, capture.sentence, capture.address, ""]
    lines += [
        _("figure.html: the figure, interactive, without a network; its camera button saves an SVG."),
        *([_("figure.svg: the figure as vectors, in the size of a page's width.")] if has_svg else []),
        _("tables/: the tables as they stand on the page."),
        _("view.json: the state of the page, its address, the versions of data and software."),
        _("references.bib: the publications behind these numbers, and the methods used on them."),
    ]
    if capture.curves:
        lines += [
            _("points.csv: every point with its sources, at full precision."),
            _("results.json: the numbers that the page shows."),
            _(
                "reproduce.py: recomputes them from points.csv (python reproduce.py; needs numpy and scipy) and compares."
            ),
            _("emergence/: the statistical core that the script uses."),
        ]
    return "\n".join(lines) + "\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False, default=_plain) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"no JSON for {type(value)}")
