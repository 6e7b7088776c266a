"""Prepared series to judgements: posteriors of all shapes in batches, their draws, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from emergence import answers, gaussian, heuristics, posterior, scatter
from emergence.assessment import Assessment, Bracket, Interval
from emergence.draws import DRAWS, Draws, Mixture, draw, reaching
from emergence.likelihood import ETA
from emergence.notes import Note
from emergence.series import MIN_SIZES, MIN_SIZES_CURVE, SUDDEN_DECADES, Prepared
from emergence.shapes import SHAPES, STEPS

Array = NDArray[np.float64]

CHUNK = 4
"""Series fitted together: more would push the tables of log-likelihoods out of the cache."""

BNSL_POINTS = 9

CROSSING = (*STEPS, "power_law")
"""The shapes that say where a curve leaves chance and whether it does so suddenly."""


@dataclass(frozen=True)
class Options:
    """How series are judged; see `assess_many`."""

    level: float = 0.95
    gain: float = answers.GAIN
    pool_scatter: bool = True
    scatter_scale: float | None = None
    shapes: Sequence[str] | None = None
    draws: int = DRAWS


def judge_all(frames: list[Prepared], labels: Sequence[str], options: Options) -> list[Assessment]:
    """Assess prepared series, all but the fourth question: proportions in chunks of equal kind, others one by one."""
    pool_scatter, scatter_scale, shapes = options.pool_scatter, options.scatter_scale, options.shapes
    count = options.draws
    own = scatter.default_prior() if scatter_scale is None else scatter.half_normal(scatter_scale)
    priors = np.tile(own, (len(frames), 1))
    pooled: dict[int, int] = {}
    if pool_scatter and scatter_scale is None:
        pooled = _learn_scatter(frames, priors)
    found: dict[int, Assessment] = {}
    for rows in _chunks(frames):
        known = frames[rows[0]].chance is not None
        batch = posterior.Batch.of([frames[i] for i in rows])
        names = _shapes_for(max(len(frames[i].t) for i in rows), shapes)
        fits = {s: posterior.fit(batch, s, known_floor=known) for s in names}
        evidences = {s: logsumexp(fit.log_evidence + priors[rows], axis=1) for s, fit in fits.items()}
        declining = [j for j, i in enumerate(rows) if _may_fall(frames[i])]
        falls = {}
        if declining:
            mirrored = posterior.Batch.of([frames[rows[j]] for j in declining])
            fall = posterior.fit(mirrored, "logistic", falling=True, known_floor=False, order=5)
            falls = {j: draw(fall, k, priors[rows[j]], falling=True, count=count) for k, j in enumerate(declining)}
        for j, i in enumerate(rows):
            evidence = {s: float(values[j]) for s, values in evidences.items()}
            # The other shapes are drawn for the average over all of them only.
            draws = {
                s: draw(fit, j, priors[i], count=count if s in CROSSING else count // 4) for s, fit in fits.items()
            }
            reach = _reach(frames[i], {s: fits[s] for s in CROSSING if s in fits}, evidence, j, priors[i], options.gain)
            found[i] = _conclude(frames[i], labels[i], options, evidence, draws, falls.get(j), reach, pooled.get(i, 0))
    for i, frame in enumerate(frames):
        if not frame.proportion:
            wanted = [s for s in gaussian.SHAPES if shapes is None or s == "logistic" or s in shapes]
            fitted = {s: gaussian.fit(frame, s) for s in wanted}
            evidence = {s: fit.log_evidence for s, fit in fitted.items()}
            draws = {s: fit.draw(count) for s, fit in fitted.items()}
            found[i] = _conclude(frame, labels[i], options, evidence, draws, None, None, 0)
    return [found[i] for i in range(len(frames))]


def _shapes_for(points: int, wanted: Sequence[str] | None) -> list[str]:
    """The shapes to fit: the logistic always, the broken power law only where points outnumber its parameters."""
    names = [s for s in SHAPES if wanted is None or s in wanted or s == "logistic"]
    return [s for s in names if s != "bnsl" or points >= BNSL_POINTS]


def _chunks(frames: list[Prepared]) -> Iterator[list[int]]:
    """Indices of proportions that can be fitted together: equal length and kind of floor, CHUNK at a time.

    Equal lengths, so that no series is fitted differently in other company.
    """
    kinds: dict[tuple[int, bool], list[int]] = {}
    for i, frame in enumerate(frames):
        if frame.proportion:
            kinds.setdefault((len(frame.t), frame.chance is not None), []).append(i)
    for rows in kinds.values():
        for start in range(0, len(rows), CHUNK):
            yield rows[start : start + CHUNK]


def _learn_scatter(frames: list[Prepared], priors: Array) -> dict[int, int]:
    """Put the pooled prior of the scatter into the rows of `priors`; the size of the pool by series index."""
    pools: dict[str, list[int]] = {}
    for i, frame in enumerate(frames):
        if frame.pool is not None and frame.proportion and len(frame.t):
            pools.setdefault(frame.pool, []).append(i)
    members = [i for rows in pools.values() if len(rows) > 1 for i in rows]
    evidence = np.zeros((len(frames), len(ETA)))
    for chunk in _chunks([frames[i] for i in members]):
        rows = [members[k] for k in chunk]
        known = frames[rows[0]].chance is not None
        fit = posterior.fit(posterior.Batch.of([frames[i] for i in rows]), "logistic", known_floor=known, order=5)
        evidence[rows] = fit.log_evidence
    for rows in pools.values():
        if len(rows) > 1:
            priors[rows] = scatter.pooled_prior(evidence[rows])
    return {i: len(rows) for rows in pools.values() if len(rows) > 1 for i in rows}


def _may_fall(frame: Prepared) -> bool:
    """Whether the last third of the scores lies below the first, so that a falling curve is worth fitting."""
    third = (len(frame.y) + 2) // 3
    if third == 0:
        return False
    fall = float(frame.y[:third].mean() - frame.y[-third:].mean())
    return fall > answers.GAIN / 2 * (1 - (frame.chance or 0.0))


def _conclude(
    frame: Prepared,
    label: str,
    options: Options,
    evidence: dict[str, float],
    draws: dict[str, Draws],
    fall: Draws | None,
    reach: Array | None,
    pooled: int,
) -> Assessment:
    """The assessment from evidences and draws of all shapes and, if the scores fall somewhere, of a falling step.

    `reach` (K,) are the probabilities that the curve has left chance at each scale; None counts the draws.
    """
    level, gain = options.level, options.gain
    top = max(evidence.values())
    weight = {s: float(np.exp(value - top)) for s, value in evidence.items()}
    odds = {s: value / sum(weight.values()) for s, value in weight.items()}
    count = len(draws["logistic"].a)
    step = _mixture(draws, evidence, STEPS, count)
    known = frame.chance is not None
    # Without a chance level a power law leaves none; its evidence still speaks against a sudden rise.
    leaving = _mixture(draws, evidence, CROSSING, count)
    at = answers.crossing(leaving if known else step, frame, gain)
    if reach is None:
        reach = np.searchsorted(np.sort(at), frame.t, side="left") / len(at)
    found = answers.answers(reach, answers.sudden(leaving, frame), frame)
    falling = step if not frame.proportion else None if fall is None else Mixture((fall,))
    drop = answers.drop(falling, frame, gain) if falling is not None else 0.0
    u_shaped = answers.is_u_shaped(frame, gain)
    verdict = answers.judge(found, frame, drop, u_shaped)
    kept = {s: d.thin(count // (4 if s in STEPS else 8)) for s, d in draws.items()}
    default = "step"
    if verdict == "inverse" and fall is not None and falling is not None:
        step, default = falling, "falling"
        kept["falling"] = fall.thin(count // 4)
    scores = heuristics.against_noise(frame.y, frame.n if frame.proportion else None, frame.chance)
    width, exponent = answers.widths(step, frame, level)
    tail = (1 - level) / 2
    low, middle, high = (float(v) for v in np.quantile(step.scatter, (tail, 0.5, 1 - tail)))
    unit = 1.0 if frame.proportion else abs(frame.span)
    result = Assessment(
        label=label,
        verdict=verdict,
        answers=found,
        bracket=answers.bracket(reach, frame),
        thresholds=answers.thresholds(at, step, frame, found, level),
        width=width,
        implied_exponent=exponent,
        odds=odds,
        breakthroughness=scores[0] if scores else None,
        linearity=scores[1] if scores else None,
        scatter=Interval(middle * unit, low * unit, high * unit),
        drop=drop,
        extrapolation=None,
        gain=gain,
        largest_passes=answers.largest_passes(frame, gain),
        notes=(),
        level=level,
        n_points=len(frame.t),
        n_sizes=frame.sizes if len(frame.t) else 0,
        chance=None if frame.chance is None else float(frame.to_score(frame.chance)),
        proportion=frame.proportion,
        log_scale=frame.log_scale,
        default_shape=default,
        alternative=None,
        frame=frame,
        draws=kept,
    )
    return replace(result, notes=_notes(result, step, pooled))


def _reach(
    frame: Prepared,
    fits: dict[str, posterior.Posterior],
    evidence: dict[str, float],
    row: int,
    prior: Array,
    gain: float,
) -> Array | None:
    """Probability that the curve has left chance at each scale of the data, over steps and power law; (K,).

    None where no chance level is known.
    """
    if frame.chance is None:
        return None
    best = max(evidence[s] for s in fits)
    weight = np.array([np.exp(evidence[s] - best) for s in fits])
    level = frame.chance + gain * (1 - frame.chance)
    shares = np.array([reaching(fit, row, prior, level, frame.t) for fit in fits.values()])
    return np.clip(np.maximum.accumulate(weight / weight.sum() @ shares), 0.0, 1.0)


def _mixture(draws: dict[str, Draws], evidence: dict[str, float], names: Sequence[str], count: int) -> Mixture:
    """Draws of the shapes `names` as far as they were fitted, by their evidence."""
    chosen = {s: draws[s] for s in names if s in draws}
    # If none of them explains the data, their odds may all underflow: then the best of them count.
    best = max(evidence[s] for s in chosen)
    return Mixture.of(chosen, {s: float(np.exp(evidence[s] - best)) for s in chosen}, count)


def _notes(found: Assessment, step: Mixture, pooled: int) -> tuple[Note, ...]:
    """What a reader must know about this verdict."""
    notes: list[Note] = []

    def say(when: bool, code: str, **values: Any) -> None:
        if when:
            notes.append(Note(code, values))

    frame, verdict = found.frame, found.verdict
    absent, present, sudden = (found.answers[name] for name in ("absent_when_small", "present_when_large", "sudden"))
    say(found.n_sizes < MIN_SIZES, "too_few", sizes=found.n_sizes, needed=MIN_SIZES)
    passes = found.largest_passes is not None and found.largest_passes >= answers.PRESENT_CUTOFF
    open_large = verdict == "open" and present.state == "open"
    say(open_large and passes, "largest_passes", probability=present.probability)
    say(open_large and not passes, "large_open", probability=present.probability, cutoff=present.cutoff)
    say(
        verdict == "open" and absent.state == "open", "small_open", probability=absent.probability, cutoff=absent.cutoff
    )
    say(verdict == "inverse", "inverse", probability=found.drop)
    say(verdict == "u_shaped", "u_shaped")
    ends = step.mean(np.array([0.0, 1.0]))
    growth = float(np.mean(ends[:, 1] - ends[:, 0] > found.gain / 2)) if frame.proportion else 1.0
    say(verdict == "present" and growth < 0.5, "no_growth")
    if found.sharpness == "open":
        few = found.n_sizes < MIN_SIZES_CURVE
        say(few, "three_sizes", needed=MIN_SIZES_CURVE)
        say(not few and frame.sudden_within is not None and _neighbours(found.bracket, frame), "no_model_between")
    say(not frame.proportion, "not_a_proportion")
    say(frame.proportion and frame.chance is None, "no_chance")
    narrow = frame.sudden_within is not None and found.n_sizes >= MIN_SIZES_CURVE and frame.span_x < SUDDEN_DECADES
    say(narrow and sudden.state == "open", "narrow_range", decades=frame.span_x)
    say(pooled > 0, "scatter_pooled", series=pooled)
    say(frame.group is not None, "grouped", groups=0 if frame.group is None else len(np.unique(frame.group)))
    say(frame.dropped > 0, "dropped", count=frame.dropped)
    return tuple(notes)


def _neighbours(bracket: Bracket, frame: Prepared) -> bool:
    """Whether no model stands between the two ends of the bracket."""
    if bracket.absent is None or bracket.present is None:
        return False
    return not ((frame.scale > bracket.absent) & (frame.scale < bracket.present)).any()
