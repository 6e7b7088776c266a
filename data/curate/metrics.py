"""One name per metric, and scores in the unit that the metric's row in data/metrics.csv states."""

from __future__ import annotations

from decimal import Decimal

RENAMES = {
    "acc": "accuracy",
    "em": "exact_match",
    "exact_str_match": "exact_match",
    "acc_norm": "accuracy_norm",  # length-normalised choice, lm-evaluation-harness
    "acc_len_norm": "accuracy_norm",  # the same idea in the OLMo files
    "f1a": "f1_a",
    "ppl": "perplexity",
    "BLEU": "bleu",
    "BLEU-mb": "bleu_multibleu",
    "BLEU-sb": "bleu_sacrebleu",
    "rougeLsum": "rouge_lsum",
    "average": "average",
    "pct_true": "true",
    "true": "true",
    "pct_informative": "informative",
    "pct_true_and_informative": "true_and_informative",
    "pct_true_gpt_judge": "true_gpt_judge",
    "mc1": "accuracy",  # MC1: the share of questions whose true answer got the highest probability
    "cross_entropy_loss": "cross_entropy",
    "mean_loss": "loss",
    "token_loss": "loss",
    "pass@1": "pass_at_1",
    "pass@10": "pass_at_10",
    "pass@100": "pass_at_100",
    "fraction_memorized": "memorized",
    "fraction_memorized_lower_bound": "memorized",
    "pct_toxic_generations": "toxic_generations",
    "percent_rated": "share_rated",
    "full": "full_score",
}
# 'score' says nothing about what was counted: named by benchmark.
SCORE = {
    "nlu_10": "average",
    "bbh": "accuracy",
    "gpqa": "accuracy",
    "ifeval": "accuracy",
    "math": "exact_match",
    "mmlu_pro": "accuracy",
    "musr": "accuracy",
    "humaneval": "pass_at_1",
    "mt_bench": "judge_score",
    "agentbench": "benchmark_score",
    "agentboard": "benchmark_score",
}
ERRORS = {"error_rate (1 - exact_match)": "exact_match", "error_rate (1 - bleu)": "bleu"}


def name(metric: str, benchmark: str) -> str:
    """The catalog's name of a metric; T=1 error rates of Wei et al. Fig 5 become the score they complement."""
    if metric == "score":
        return SCORE[benchmark]
    return ERRORS.get(metric) or RENAMES.get(metric, metric)


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def convert(text: str, printed: str, metric: str, unit: str, target: str) -> str:
    """A printed number in the metric's unit, exactly (33.7 percent is 0.337); '' stays ''."""
    if text == "":
        return ""
    value = Decimal(text)
    if printed in ERRORS:
        value = Decimal(100) - value
    if target == "fraction":
        if unit in ("percent", "points"):
            value /= 100
    elif target == "points" and unit == "fraction":
        value *= 100
    return plain(value)


def difference(text: str, unit: str, target: str) -> str:
    """A standard error in the metric's unit."""
    return convert(text, "", "", unit, target)
