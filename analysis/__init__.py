"""The numerics: calibrated thresholds from few points. Pure numpy and scipy; no files, no figures."""

from analysis.answers import GAIN, GAINS
from analysis.assess import assess, assess_many
from analysis.assessment import (
    QUESTIONS,
    SHARPNESSES,
    STATES,
    VERDICTS,
    Answer,
    Assessment,
    Bracket,
    Extrapolation,
    Interval,
    Threshold,
)
from analysis.backtest import Backtest, Prediction, Summary, backtest
from analysis.bootstrap import Bootstrap, bootstrap
from analysis.crossover import Crossover, crossover
from analysis.heuristics import Heuristic
from analysis.multiplicity import adjusted, benjamini_hochberg, standing
from analysis.notes import Note
from analysis.series import MIN_SIZES, MIN_SIZES_CURVE, Series
from analysis.shapes import SHAPES, implied_exponent

__all__ = [
    "GAIN",
    "GAINS",
    "MIN_SIZES",
    "MIN_SIZES_CURVE",
    "QUESTIONS",
    "SHAPES",
    "SHARPNESSES",
    "STATES",
    "VERDICTS",
    "Answer",
    "Assessment",
    "Backtest",
    "Bootstrap",
    "Bracket",
    "Crossover",
    "Extrapolation",
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
