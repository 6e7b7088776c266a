"""The numerics: calibrated thresholds from few points. Pure numpy and scipy; no files, no figures."""

from emergence.answers import GAIN, GAINS
from emergence.assess import assess, assess_many
from emergence.assessment import (
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
from emergence.backtest import Backtest, Prediction, Summary, backtest
from emergence.bootstrap import Bootstrap, bootstrap
from emergence.crossover import Crossover, crossover
from emergence.heuristics import Heuristic
from emergence.multiplicity import adjusted, benjamini_hochberg, standing
from emergence.notes import Note
from emergence.series import MIN_SIZES, MIN_SIZES_CURVE, Series
from emergence.shapes import SHAPES, implied_exponent

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
