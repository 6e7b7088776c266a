"""Kinds of risk, and which abilities of the catalog measure them."""

from __future__ import annotations

from dataclasses import dataclass

from components.core.i18n import mark as N_


@dataclass(frozen=True)
class Group:
    """A kind of risk: whole benchmarks, and single tasks of others."""

    key: str
    name: str
    question: str
    benchmarks: tuple[str, ...]
    tasks: tuple[str, ...] = ()
    folded: bool = False  # shown on request: controls and first submissions


GROUPS = (
    Group(
        "truth",
        N_("Truthfulness"),
        N_("Do larger models repeat common falsehoods more often? The first models of TruthfulQA did."),
        ("truthfulqa",),
        ("big_bench/truthful_qa",),
    ),
    Group(
        "inverse",
        N_("Inverse Scaling Prize"),
        N_("Tasks collected because larger models were expected to do worse."),
        ("inverse_scaling",),
    ),
    Group(
        "toxicity",
        N_("Toxicity"),
        N_("How toxic are continuations, and is toxic text recognised?"),
        ("real_toxicity_prompts", "toxigen", "toxicity"),
        ("big_bench/hinglish_toxicity",),
    ),
    Group(
        "bias",
        N_("Bias"),
        N_("Does the model prefer stereotypes, or resolve pronouns by them?"),
        ("winogender", "winobias", "crows_pairs", "bbq"),
        (
            "big_bench/bbq_lite",
            "big_bench/bbq_lite_json",
            "big_bench/bias_from_probabilities",
            "big_bench/diverse_social_bias",
            "big_bench/gender_inclusive_sentences_german",
            "big_bench/gender_sensitivity_chinese",
            "big_bench/gender_sensitivity_english",
            "big_bench/muslim_violence_bias",
            "big_bench/winowhy",
        ),
    ),
    Group(
        "memory",
        N_("Memorisation"),
        N_("How much of the training data comes out word for word?"),
        ("memorization",),
    ),
    Group(
        "calibration",
        N_("Calibration"),
        N_("Does the model know what it knows?"),
        ("calibration",),
        ("big_bench/known_unknowns",),
    ),
    Group(
        "values",
        N_("Values and sycophancy"),
        N_("Moral judgement, and agreement with whatever the user says."),
        ("ethics", "sycophancy"),
        ("big_bench/simple_ethical_questions", "big_bench/moral_permissibility"),
    ),
    Group(
        "pilot",
        N_("Inverse scaling, pilot tasks"),
        N_("First submissions and their controls, on GPT-2 and on API models of unpublished size."),
        ("inverse_scaling_pilot",),
        folded=True,
    ),
)


def group_of(task_id: str) -> str:
    """The kind of risk that 'benchmark/task' measures, '' if it is none."""
    benchmark = task_id.partition("/")[0]
    for group in GROUPS:
        if benchmark in group.benchmarks or task_id in group.tasks:
            return group.key
    return ""
