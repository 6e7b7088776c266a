"""The numerics: calibrated thresholds from few points. Pure numpy and scipy; no files, no figures."""

from analysis.assess import assess, assess_many
from analysis.assessment import VERDICTS, Assessment, Flag, Interval, Threshold
from analysis.backtest import Backtest, Prediction, Summary, backtest
from analysis.bootstrap import Bootstrap, bootstrap
from analysis.crossover import Crossover, crossover
from analysis.heuristics import Heuristic
from analysis.multiplicity import adjusted, benjamini_hochberg, standing
from analysis.notes import Note
from analysis.series import Series
from analysis.shapes import SHAPES, implied_exponent

__all__ = [
    "SHAPES",
    "VERDICTS",
    "Assessment",
    "Backtest",
    "Bootstrap",
    "Crossover",
    "Flag",
    "Heuristic",
    "Interval",
    "Note",
    "Prediction",
    "Series",
    "Summary",
    "Threshold",
    "adjusted",
    "assess",
    "assess_many",
    "backtest",
    "benjamini_hochberg",
    "bootstrap",
    "crossover",
    "implied_exponent",
    "standing",
]
