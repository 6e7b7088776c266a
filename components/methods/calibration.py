"""How well thresholds hold on series with a known truth: what `make bench` measured, ours and the peers'."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.numbers import decimal, percent

RESULTS = Path(__file__).parent.parent.parent / "benchmarks" / "results"

METHODS = {
    "oracle": N_("best possible: knows how the series were made"),
    "posterior, scatter pooled over 30": N_("Emergence Explorer, scatter pooled"),
    "posterior": N_("Emergence Explorer, one series alone"),
    "iminuit MINOS": "MINOS",
    "lmfit conf_interval": "lmfit",
    "psignifit": "psignifit",
    "curve_fit 4PL, Wald": "scipy curve_fit",
    "ruptures": "ruptures",
    "piecewise-regression": "piecewise-regression",
}
"""Method in the tables of the study, and its name on the screen, best first."""

OURS = "posterior, scatter pooled over 30"

REGIMES = {
    "binomial": N_("models do not scatter"),
    "scatter .07": N_("models scatter around the curve"),
    "wrong shape": N_("truth of another shape"),
}


def measured(folder: Path = RESULTS) -> pd.DataFrame:
    """One row per method and regime: coverage of the 95 % interval, RMSE and width in decades, series judged."""
    path = folder / "analysis-thresholds.csv"
    if not path.exists():
        return pd.DataFrame()
    table = pd.read_csv(path)
    return table[table["method"].isin(METHODS) & table["regime"].isin(REGIMES)].reset_index(drop=True)


def calibration_sentence(table: pd.DataFrame) -> str:
    """What the study found, from its numbers."""
    ours = table[table["method"] == OURS]
    best = table[~table["method"].isin(["oracle", "posterior", OURS])].groupby("method")["coverage"].min()
    return _(
        "On simulated series with a known threshold our 95 % interval holds it in {low} to {high} of cases, whether "
        "models scatter or not and whether the curve has the shape that we assume or another; the typical error is "
        "{least} to {most} decades. Of the other packages the steadiest falls to {worst} in one of the three settings."
    ).format(
        low=percent(ours["coverage"].min(), 1),
        high=percent(ours["coverage"].max(), 1),
        least=decimal(ours["RMSE"].min()),
        most=decimal(ours["RMSE"].max()),
        worst=percent(best.max()),
    )


def calibration_table(table: pd.DataFrame) -> pd.DataFrame:
    """The study for the screen and for export."""
    return pd.DataFrame(
        {
            _("Method"): [_(METHODS[name]) for name in table["method"]],
            _("Truth"): [_(REGIMES[name]) for name in table["regime"]],
            _("Series judged"): table["series"],
            _("Coverage of the 95 % interval"): table["coverage"],
            _("RMSE, decades"): table["RMSE"],
            _("Median width, decades"): table["median width"],
            _("CPU time, ms"): table["CPU ms"],
        }
    )
