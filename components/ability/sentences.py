"""What the site says of results: whole sentences, generated from them.

One description has many uses: the sentence over a figure is also its alt text and the caption of exports.
Sentences are whole templates with named placeholders; nothing is glued from fragments.
"""

from __future__ import annotations

from components.ability.findings import Finding, finding
from components.ability.model import AbilityView, ShownSeries
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.i18n import ngettext
from components.core.numbers import odds, on_axis
from components.core.verdicts import VERDICT_NAMES, marks
from components.core.vocabulary import axis_name, in_sentence, interval_label, plain, series_name
from emergence import Note
from emergence.notes import TEMPLATES

# How the places of an axis are spoken of; every other axis has 'scale'.
_KINDS = {"date": "date", "perplexity": "perplexity"}

_APPEARS = {
    ("scale", "sudden"): N_("{name} appears suddenly between {absent} and {present}: {threshold}."),
    ("scale", "gradual"): N_("{name} appears gradually between {absent} and {present}: {threshold}."),
    ("scale", "open"): N_("{name} appears between {absent} and {present}: {threshold}."),
    ("date", "sudden"): N_("{name} appears suddenly between its models of {absent} and of {present}: {threshold}."),
    ("date", "gradual"): N_("{name} appears gradually between its models of {absent} and of {present}: {threshold}."),
    ("date", "open"): N_("{name} appears between its models of {absent} and of {present}: {threshold}."),
    ("perplexity", "sudden"): N_("{name} appears suddenly between perplexity {absent} and {present}: {threshold}."),
    ("perplexity", "gradual"): N_("{name} appears gradually between perplexity {absent} and {present}: {threshold}."),
    ("perplexity", "open"): N_("{name} appears between perplexity {absent} and {present}: {threshold}."),
}
_PRESENT = {
    "scale": N_("{name} has it from its smallest model on ({smallest})."),
    "date": N_("{name} has it from its first models on ({smallest})."),
    "perplexity": N_("{name} has it from its weakest model on (perplexity {smallest})."),
}
_NOT_YET = {
    "scale": N_("{name} shows no sign of it up to {largest} ({value})."),
    "itself": N_("{name} shows no sign of it up to {largest}."),  # the axis on which models are told apart
    "date": N_("{name} shows no sign of it up to its models of {largest}."),
    "perplexity": N_("{name} shows no sign of it down to perplexity {largest}."),
}
_INVERSE = {
    "scale": N_("{name} gets worse with scale."),
    "date": N_("{name} gets worse over time."),
    "perplexity": N_("{name} gets worse as perplexity improves."),
    "capability": N_("{name} gets worse as capability grows."),
}
_U_SHAPED = {
    "scale": N_("{name} gets worse up to {turn} and better after it."),
    "date": N_("{name} gets worse up to its models of {turn} and better after them."),
    "perplexity": N_("{name} gets worse down to perplexity {turn} and better after it."),
}
_U_CROSSES = N_("It leaves chance for good between {absent} and {present}: {threshold}.")
_UNLOCATED = {
    "midpoint": N_("These sizes do not locate its midpoint."),
    "onset": N_("These sizes do not locate its onset."),
}
_RULES = {"midpoint": N_("midpoint {threshold}"), "onset": N_("onset {threshold}")}

_PASSES = {
    True: N_(
        "{name}: {score} at {largest} is above chance; another model of its size would be with probability "
        "{probability}. Not sure yet."
    ),
    False: N_(
        "{name}: {score} at {largest} is better than chance; another model of its size would be with probability "
        "{probability}. Not sure yet."
    ),
}
_OPEN = {
    "both": N_("{name} is open at both ends: neither whether {smallest} lacks it nor whether {largest} has it is settled."),
    "large": N_("{name} is open: whether its largest model has it ({largest}) is not settled."),
    "small": N_("{name} has it at {largest}; whether its smallest model lacks it ({smallest}) is open."),
}  # fmt: skip


def finding_sentence(name: str, found: Finding) -> str:
    """The headline of one curve, in plain text: what is known of it, and what is not."""
    sentences = [_verdict(name, found)]
    if found.verdict == "appears" and found.sharpness == "open":
        sentences.append(_why_open(found))
    if found.verdict == "appears" and found.asked != found.rule and found.asked in _UNLOCATED:
        sentences.append(_(_UNLOCATED[found.asked]))
    if found.verdict == "u_shaped" and found.bracket and found.threshold:
        sentences.append(_(_U_CROSSES).format(**_bracket(found)))
    if found.emergent:
        sentences.append(_("Emergent in the strict sense: better than its smaller models predicted."))
    return " ".join(sentences)


def _verdict(name: str, found: Finding) -> str:
    kind = _KINDS.get(found.axis, "scale")
    values = {"name": name, "smallest": found.smallest.name, "largest": found.largest.name}
    if found.verdict == "appears":
        return _(_APPEARS[kind, found.sharpness or "open"]).format(name=name, **_bracket(found))
    if found.verdict == "present":
        return _(_PRESENT[kind]).format(**values)
    if found.verdict == "not_yet":
        itself = found.axis in ("params", "tokens")
        place = on_axis(found.largest.value, found.axis)
        return _(_NOT_YET["itself" if itself else kind]).format(**values, value=place)
    if found.verdict == "inverse":
        return _(_INVERSE.get(found.axis, _INVERSE["scale"])).format(**values)
    if found.verdict == "u_shaped":
        return _(_U_SHAPED[kind]).format(**values, turn=found.turn.name)
    return _open(found, values)


def _bracket(found: Finding) -> dict[str, str]:
    """The two ends and the threshold between them, for what appears: it has both."""
    assert found.bracket is not None
    assert found.threshold is not None
    label = interval_label(*found.threshold, found.axis, found.level)
    if found.rule in _RULES:
        label = _(_RULES[found.rule]).format(threshold=label)
    return {"absent": found.bracket[0].name, "present": found.bracket[1].name, "threshold": label}


def _open(found: Finding, values: dict[str, str]) -> str:
    absent, present = found.states["absent_when_small"], found.states["present_when_large"]
    if "untested" in (absent, present):
        return ngettext(
            "{name}: its models stand at {count} place of this axis, too few to judge.",
            "{name}: its models stand at {count} places of this axis, too few to judge.",
            found.sizes,
        ).format(**values, count=found.sizes)
    probability = found.probabilities["present_when_large"]
    if present == "open" and found.passes and probability is not None:
        return _(_PASSES[found.higher_is_better]).format(**values, score=found.score, probability=odds(probability, 2))
    which = "small" if present == "yes" else "both" if absent == "open" else "large"
    return _(_OPEN[which]).format(**values)


def _why_open(found: Finding) -> str:
    """Why it is not known whether something appears suddenly."""
    if found.states["sudden"] == "untested":
        return (
            _("Three sizes do not say whether suddenly.")
            if found.sizes == 3
            else _("Whether suddenly is not judged: the compute or size of too few models is known.")
        )
    if not found.between:
        return _("Whether suddenly is open: no model stands in between.")
    return _("Whether suddenly is open.")


def verdict_sentence(series: ShownSeries, view: AbilityView, rule: str) -> str:
    """What the evidence says about one curve."""
    name = series_name(series, view)
    found = finding(series, view, rule)
    return (
        _("{name}: too few points for a judgement.").format(name=name)
        if found is None
        else finding_sentence(name, found)
    )


def verdict_line(series: ShownSeries, view: AbilityView, rule: str) -> str:
    """The sentence on one curve, in Markdown, after the marks of its answers."""
    found = finding(series, view, rule)
    sentence = plain(verdict_sentence(series, view, rule))
    return _("{sign} {sentence}").format(sign=marks(found.states), sentence=sentence) if found else sentence


def pooled_sentence(view: AbilityView, rule: str) -> str:
    """What all shown families say when they are judged as one series."""
    assert view.pooled is not None
    found = finding(view.pooled, view, rule)
    assert found is not None
    return finding_sentence(_("The pool of {count} families").format(count=len(view.shown)), found)


def headline(view: AbilityView, rule: str) -> str:
    """The sentence over the figure: what it shows and what the evidence says; also its alt text."""
    if not view.shown:
        return _("{title}: no value is published on this axis ({axis}).").format(
            title=view.title, axis=axis_name(view.axis)
        )
    opening = _("{title} against {axis}.").format(title=view.title, axis=in_sentence(axis_name(view.axis)))
    sentences = [opening, *(verdict_sentence(series, view, rule) for series in view.shown)]
    if view.pooled is not None and view.pooled.assessment is not None:
        sentences.append(pooled_sentence(view, rule))
    return " ".join(sentences)


def count_sentence(title: str, count: int, total: int) -> str:
    """In how many families an ability appears."""
    return ngettext(
        "{title}: appears in {count} of {total} family.", "{title}: appears in {count} of {total} families.", total
    ).format(title=title, count=count, total=total)


def place_text(found: Finding) -> str:
    """Where it appears, for cells and cards: '13B to 175B, 1.1 × 10²² FLOPs'; '' where it does not."""
    if found.verdict != "appears" or found.bracket is None or found.threshold is None:
        return ""
    return _("{absent} to {present}, {value}").format(
        absent=found.bracket[0].name, present=found.bracket[1].name, value=on_axis(found.threshold[0], found.axis)
    )


def note(item: Note) -> str:
    """A note of the analysis in the reader's language."""
    named = {
        name: _(VERDICT_NAMES[value]) if isinstance(value, str) and value in VERDICT_NAMES else value
        for name, value in item.values.items()
    }
    return _(TEMPLATES[item.code]).format(**named)
