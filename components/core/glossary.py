"""One line for every term of the site, shown where the term stands: tooltips, column headers, the list of terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.verdicts import QUESTION_NAMES, RULE_HELP, RULE_NAMES, SHARPNESS_HELP, VERDICT_HELP, VERDICT_NAMES
from components.core.vocabulary import AXIS_NAMES


@dataclass(frozen=True)
class Term:
    """A term and its definition, both in English as they stand in the catalogs."""

    name: str
    definition: str


TERMS: dict[str, Term] = {
    # axes
    "flops": Term(
        AXIS_NAMES["flops"],
        N_("Floating-point operations spent on training: the one currency of model size and amount of data."),
    ),
    "six_nd": Term(
        N_("6ND"),
        N_(
            "Training compute estimated as 6 × parameters × tokens, two operations forward and four backward "
            "per parameter and token; such points are drawn hollow."
        ),
    ),
    "params": Term(AXIS_NAMES["params"], N_("The trained weights of the network, all of them unless a point says so.")),
    "tokens": Term(AXIS_NAMES["tokens"], N_("Pieces of text seen in training, repetitions included.")),
    "perplexity": Term(
        AXIS_NAMES["perplexity"],
        N_(
            "e to the mean loss on a text: among how many equally likely pieces the model hesitates. Lower is better; "
            "values compare only for the same text, unit and tokeniser."
        ),
    ),
    "date": Term(AXIS_NAMES["date"], N_("When the model was first published.")),
    "capability": Term(
        AXIS_NAMES["capability"],
        N_(
            "First principal component of scores over several benchmarks: places models by what they can do, "
            "not by what they cost."
        ),
    ),
    # judgement
    "verdict": Term(
        N_("Verdict"),
        N_("The judgement on one curve, from two questions: whether it is absent in the small models and present in the large ones."),
    ),
    **{key: Term(VERDICT_NAMES[key], VERDICT_HELP[key]) for key in VERDICT_NAMES},
    "emergent": Term(
        N_("Emergent in the strict sense"),
        N_("It appears, suddenly, and the largest model is better than the smaller ones predicted; the word is used for nothing else."),
    ),
    "answer": Term(
        N_("Answer"),
        N_("Yes from a printed probability, no up to another; open: asked and not settled; untested: these data cannot be asked."),
    ),
    "absent_when_small": Term(
        QUESTION_NAMES["absent_when_small"],
        N_("Whether the mean score leaves chance at a larger scale than that of the smallest model: yes from 0.95."),
    ),
    "present_when_large": Term(
        QUESTION_NAMES["present_when_large"],
        N_("Whether the mean score has left chance before the scale of the largest model: yes from 0.975."),
    ),
    "sudden": Term(
        QUESTION_NAMES["sudden"],
        N_("Whether the rise from 10 to 90 % takes less than two decades of training compute: yes from 0.95; from four sizes."),
    ),
    "gradual": Term(N_("Gradual"), SHARPNESS_HELP["gradual"]),
    "predicted": Term(
        QUESTION_NAMES["predicted"],
        N_("Whether the largest model lies within the 95 % band that the curve of the smaller ones predicts for it."),
    ),
    "bracket": Term(
        N_("Bracket"),
        N_("The last models that surely lack the ability and the first that surely have it: it appears between them."),
    ),
    "gain": Term(
        N_("Gain"),
        N_("The share of the way from chance to a perfect score that counts as having left chance: a tenth by default."),
    ),
    "crossing": Term(RULE_NAMES["crossing"], RULE_HELP["crossing"]),
    "midpoint": Term(RULE_NAMES["midpoint"], RULE_HELP["midpoint"]),
    "onset": Term(RULE_NAMES["onset"], RULE_HELP["onset"]),
    "width": Term(
        N_("Width of the rise"), N_("How many factors of ten in scale the score needs from 10 % to 90 % of its rise.")
    ),
    "implied_exponent": Term(
        N_("Implied exponent"),
        N_(
            "How fast the loss per token would have to fall with scale to make exact match rise over this width by "
            "itself; to hold against published scaling laws."
        ),
    ),
    "interval": Term(
        N_("95 % interval"), N_("Where the value lies with a probability of 0.95, given the data and the model of the curve.")
    ),
    "scatter": Term(
        N_("Scatter"),
        N_("How much models of equal scale differ beyond the luck of the test items; estimated, never taken as zero."),
    ),
    "chance": Term(
        N_("Chance"), N_("The score of guessing: one over the number of options, and 0 where nothing can be guessed.")
    ),
    "held_out": Term(
        N_("Held out"), N_("Left out of the fit on purpose, to see whether the smaller models would have predicted it.")
    ),
    "pooled": Term(
        N_("Pooled"), N_("All shown families judged as one series; the shift between families counts as scatter.")
    ),
    "sizes": Term(N_("Sizes"), N_("Distinct scales behind a curve: three for a verdict, four to say whether suddenly.")),
    "breakthroughness": Term(
        N_("Breakthroughness"),
        N_(
            "BIG-bench's score for jumps: the whole rise over the root median square of neighbouring steps. "
            "It depends on the number of models and has no bound at chance."
        ),
    ),
    "false_discovery": Term(
        N_("False discovery rate"),
        N_("The share of claims on a board that are expected to be false; held at 0.05 over all tasks shown."),
    ),
    # data
    "series": Term(
        N_("Series"), N_("The models of one family on one task, metric, prompt and protocol: what one curve is drawn through.")
    ),
    "protocol": Term(N_("Protocol"), N_("Who evaluated, with which harness and prompt; never mixed within one curve.")),
    "metric": Term(N_("Metric"), N_("How answers become a number; thresholded metrics can make smooth progress look sudden.")),
    "exact_match": Term(N_("Exact match"), N_("Share of answers that equal the reference: one wrong token and the answer counts 0.")),
    "shots": Term(N_("Shots"), N_("Worked examples in the prompt before the question.")),
    "prompting": Term(N_("Prompting"), N_("How the model is asked: plain, with a chain of thought, a scratchpad, after instruction tuning.")),
    "cot": Term(N_("Chain of thought"), N_("A prompt that makes the model write its steps before the answer.")),
    "scratchpad": Term(N_("Scratchpad"), N_("Fine-tuning on intermediate steps, which the model then writes out.")),
    "instruction_tuning": Term(N_("Instruction tuning"), N_("Fine-tuning on many tasks phrased as instructions.")),
    "p_true": Term(N_("P(True)"), N_("The model's own probability that its answer is true, asked for after answering.")),
    "calibration": Term(N_("Calibration error"), N_("Mean distance between stated confidence and share of right answers; lower is better.")),
    "items": Term(N_("Items"), N_("Questions in the test set; their number sets the error bar and the smallest visible step.")),
    "stderr": Term(N_("Standard error"), N_("The error of a score as its publication states it.")),
    "estimated": Term(N_("Estimated"), N_("Computed or approximate, not published as such; drawn hollow.")),
    "extraction": Term(N_("Read from"), N_("Whether a number was printed in a table or text, kept in a repository, or read off a figure.")),
    # laws and theory
    "compute_optimal": Term(
        N_("Compute-optimal"), N_("The split of a training budget between parameters and tokens that gives the lowest loss.")
    ),
    "quantum": Term(
        N_("Quantum"), N_("An indivisible piece of knowledge or skill: learned entirely or not at all, the most used ones first.")
    ),
    "nats": Term(N_("Nats"), N_("The unit of loss with the natural logarithm: 1 nat is 1.44 bits.")),
    "bits_per_byte": Term(N_("Bits per byte"), N_("Loss per byte of text in bits: comparable across tokenisers.")),
}  # fmt: skip

# What the columns of the tables are called where it is not the name of the term.
_COLUMNS = {
    N_("Width"): "width",
    N_("Series"): "series",
    N_("Items from"): "items",
    N_("Source of the axis value"): "estimated",
    N_("Suddenly?"): "sudden",
    N_("Last without"): "bracket",
    N_("First with"): "bracket",
}
EXPLORE = (
    *("verdict", "absent_when_small", "present_when_large", "sudden", "predicted", "answer", "emergent"),
    *("bracket", "crossing", "midpoint", "onset", "gain", "chance", "interval", "width", "implied_exponent"),
    *("scatter", "series", "protocol"),
)


def name(key: str) -> str:
    """The term in the reader's language."""
    return _(TERMS[key].name)


def define(key: str) -> str:
    """The definition in the reader's language."""
    return _(TERMS[key].definition)


def help_for(keys: Iterable[str]) -> str:
    """Several terms as a Markdown list, for a tooltip or a popover."""
    return "\n".join(_("- **{term}**: {definition}").format(term=name(key), definition=define(key)) for key in keys)


def column_help(column: str) -> str | None:
    """The definition behind a column header such as 'Midpoint, low' or 'P(Sudden?)'; None if it has none."""
    names = {name(key): key for key in TERMS} | {_(label): key for label, key in _COLUMNS.items()}
    head = column.partition(",")[0].strip()
    inside = head[2:-1] if head.startswith("P(") and head.endswith(")") else ""
    for label in (column, head, inside):
        if label in names:
            return define(names[label])
    return None
