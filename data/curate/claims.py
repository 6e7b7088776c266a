"""Published claims of emergence: Table 1, the figure panels, Appendix E and F, the blog list, Schaeffer's counts."""

from __future__ import annotations

import pandas as pd

from data.curate import raw
from data.curate.models import number
from data.curate.names import big_bench_slug, slug

COLUMNS = [
    "claim_id", "ability", "group", "benchmark", "task", "metric", "n_shot", "prompting", "model_family",
    "threshold_flops", "threshold_params", "model_id", "verdict", "panel", "source", "locator", "note",
]  # fmt: skip
# Table 1: ability as printed -> (benchmark, task, metric, n_shot, prompting, model_id); blank where the dataset
# has no such task. 'Many' rows and abilities without a task keep their words only.
TABLE_1 = {
    "Addition/subtraction (3 digit)": ("arithmetic", "addition_3_digit", "accuracy", "50", "standard", "gpt-3-13b"),
    "Addition/subtraction (4-5 digit)": ("arithmetic", "addition_4_digit", "accuracy", "50", "standard", "gpt-3-175b"),
    "MMLU Benchmark (57 topic avg.)": ("mmlu", "average", "accuracy", "", "standard", "gpt-3-175b"),
    "Toxicity classification (CivilComments)": ("", "", "", "", "", "gopher-7.1b"),
    "Truthfulness (Truthful QA)": ("truthfulqa", "mc1", "accuracy", "", "standard", "gopher-280b"),
    "MMLU Benchmark (26 topics)": ("mmlu", "average", "accuracy", "", "standard", "gopher-280b"),
    "Grounded conceptual mappings": ("grounded_mappings", "grounded_conceptual_mappings", "accuracy", "", "standard",
                                     "gpt-3-175b"),
    "MMLU Benchmark (30 topics)": ("mmlu", "average", "accuracy", "", "standard", "chinchilla-70b"),
    "Word in Context (WiC) benchmark": ("wic", "wic", "accuracy", "1", "standard", "palm-540b"),
    "Many BIG-Bench tasks (see Appendix E)": ("", "", "", "", "", ""),
    "Instruction following (finetuning)": ("nlu_10", "average", "average", "", "instruction_tuned", "lamda-69b"),
    "Scratchpad: 8-digit addition (finetuning)": ("addition_8_digit", "addition_8_digit", "accuracy", "",
                                                  "scratchpad", "lamda-57m"),
    "Using open-book knowledge for fact checking": ("", "", "", "", "", "gopher-7.1b"),
    "Chain-of-thought: Math word problems": ("gsm8k", "gsm8k", "accuracy", "", "cot", "lamda-69b"),
    "Chain-of-thought: StrategyQA": ("strategyqa", "strategyqa", "accuracy", "", "cot", "palm-62b"),
    "Differentiable search index": ("", "", "", "", "", "t5-11b"),
    "Self-consistency decoding": ("", "", "", "", "", "lamda-69b"),
    "Leveraging explanations in prompting": ("", "", "", "", "", "gopher-280b"),
    "Least-to-most prompting": ("", "", "", "", "", "gpt-3-175b"),
    "Zero-shot chain-of-thought reasoning": ("", "", "", "", "", "gpt-3-175b"),
    "Calibration via P(True)": ("calibration", "p_true", "ece", "", "p_true", "anthropic-lm-52b"),
    "Multilingual chain-of-thought reasoning": ("mgsm", "average", "exact_match", "8", "cot", "palm-62b"),
    "Ask me anything prompting": ("", "", "", "", "", ""),
}  # fmt: skip
FAMILIES = {
    "GPT-3": "gpt-3", "Gopher": "gopher", "Chinchilla": "chinchilla", "PaLM": "palm", "FLAN": "lamda", "LaMDA": "lamda",
    "T5": "t5", "Anthropic": "anthropic-lm", "EleutherAI": "", "Many": "",
}  # fmt: skip
PANELS = {  # Figs 2 and 3: panel -> (benchmark, task, metric, n_shot, prompting)
    "2A": ("big_bench", "modified_arithmetic", "accuracy", "2", "standard"),
    "2B": ("big_bench", "international_phonetic_alphabet_transliterate", "bleu", "2", "standard"),
    "2C": ("big_bench", "word_unscrambling", "exact_match", "2", "standard"),
    "2D": ("big_bench", "parsinlu_qa", "exact_match", "2", "standard"),
    "2E": ("truthfulqa", "mc1", "accuracy", "", "standard"),
    "2F": ("grounded_mappings", "grounded_conceptual_mappings", "accuracy", "", "standard"),
    "2G": ("mmlu", "average", "accuracy", "", "standard"),
    "2H": ("wic", "wic", "accuracy", "1", "standard"),
    "3A": ("gsm8k", "gsm8k", "accuracy", "", "cot"),
    "3B": ("nlu_10", "average", "average", "", "instruction_tuned"),
    "3C": ("addition_8_digit", "addition_8_digit", "accuracy", "", "scratchpad"),
    "3D": ("calibration", "p_true", "ece", "", "p_true"),
}
# One claim per panel and family, as the text of the paper puts it; sizes are the models of Table 2.
CLAIMED = {
    "2A": (("gpt-3-13b", "2e22"), ("lamda-69b", "1e23")),
    "2D": (("palm-62b", ""),),
    "2E": (("gopher-280b", "5e23"),),
    "2F": (("gpt-3-175b", "3.1e23"),),
    "2G": (("gpt-3-175b", "3e23"), ("gopher-280b", "5e23"), ("chinchilla-70b", "5e23")),
    "2H": (("palm-540b", "2.5e24"),),
    "3A": (("lamda-69b", "1e23"),),
    "3B": (("lamda-69b", "1e23"),),
    "3C": (("lamda-57m", "9e19"),),
    "3D": (("anthropic-lm-52b", "3e23"),),
}
VERDICTS = {
    "emergent": "emergent", "smoothly_increasing": "smooth", "flat": "flat", "inverse": "inverse", "other": "unclassified",
    "palm62b_above_random_lamda137b_gpt3_175b_near_random": "emergent",
}  # fmt: skip
MODELS = {
    "GPT-3 13B": "gpt-3-13b", "GPT-3 175B": "gpt-3-175b", "LaMDA 137B": "lamda-137b", "PaLM 540B": "palm-540b",
    "PaLM 8B": "palm-8b", "PaLM 62B": "palm-62b", "PaLM 64B (printed so; = PaLM 62B)": "palm-62b",
    "Gopher 280B": "gopher-280b", "Gopher 7.1B": "gopher-7.1b", "Chinchilla 70B": "chinchilla-70b",
    "Chinchilla 7B": "chinchilla-7.1b",
}  # fmt: skip
INDIVIDUAL = {
    "word_in_context": ("wic", "wic"), "grounded_conceptual_mappings": PANELS["2F"][:2],
    "truthfulness_truthfulqa": ("truthfulqa", "mc1"),
}  # fmt: skip
COUNTS = (  # Schaeffer et al.: counts that are claims about metrics, not about a task
    ("Preferred metrics of BIG-bench with possible emergence by the emergence score", "at most 5 of 39",
     "section 4, Fig 5A"),
    ("Preferred metrics among the hand-annotated abilities", "4 of 39", "section 4, Fig 5B"),
    ("Hand-annotated abilities under Multiple Choice Grade or Exact String Match", "more than 92 %",
     "section 4, Fig 5C"),
)  # fmt: skip


def table() -> pd.DataFrame:
    """All claims, one row each, with ids that stay the same when rows are added."""
    rows = [*_table_1(), *_panels(), *_classes(), *_counts()]
    return pd.DataFrame(rows, columns=COLUMNS).fillna("")


def _table_1() -> list[dict[str, str]]:
    out = []
    for index, row in enumerate(raw.table("emergent_abilities_paper", "thresholds.csv").to_dict("records"), 1):
        benchmark, task, metric, n_shot, prompting, model_id = TABLE_1[row["ability"]]
        out.append({
            "claim_id": f"table-1-{index:02d}", "ability": row["ability"], "group": row["group"],
            "benchmark": benchmark, "task": task, "metric": metric, "n_shot": n_shot, "prompting": prompting,
            "model_family": FAMILIES[row["model"]], "threshold_flops": number(row["train_flops"]),
            "threshold_params": number(row["params"]), "model_id": model_id, "verdict": "emergent",
            "source": "wei2022emergent", "locator": row["locator"],
            "note": "; ".join(text for text in (f"reference: {row['reference']}", row["note"]) if text),
        })  # fmt: skip
    return out


def _panels() -> list[dict[str, str]]:
    table = raw.table("emergent_abilities_paper", "panels.csv")
    table = table[table["figure"].isin(["2", "3"])]
    out = []
    for row in table.to_dict("records"):
        panel = row["figure"] + row["panel"]
        benchmark, task, metric, n_shot, prompting = PANELS[panel]
        for model_id, flops in CLAIMED.get(panel, (("", ""),)):
            out.append({
                "claim_id": f"figure-{panel.lower()}" + (f"-{model_id}" if model_id else ""), "ability": row["task"],
                "group": "few-shot" if panel[0] == "2" else "augmented", "benchmark": benchmark, "task": task,
                "metric": metric, "n_shot": n_shot, "prompting": prompting,
                "model_family": "-".join(model_id.split("-")[:-1]), "threshold_flops": number(flops), "model_id": model_id,
                "verdict": "emergent", "panel": panel, "source": "wei2022emergent", "locator": row["locator"],
                "note": row["note"],
            })  # fmt: skip
    return out


def _classes() -> list[dict[str, str]]:
    out = []
    counts: dict[str, int] = {}
    for row in raw.table("emergent_abilities_paper", "task_classes.csv").to_dict("records"):
        place = row["locator"].split(" p.")[0]
        group = "blog list" if row["source"] == "wei2022blog137" else place.replace("Appendix", "appendix")
        counts[group] = counts.get(group, 0) + 1
        benchmark, task = row["benchmark"], slug(row["task"])
        if benchmark == "big_bench":
            task = big_bench_slug(row["task"])
        elif benchmark == "individual":
            benchmark, task = INDIVIDUAL.get(task, ("", ""))
        model_id = MODELS.get(row["subclass_or_model"], "")
        out.append({
            "claim_id": f"{slug(group).replace('_', '-')}-{counts[group]:03d}", "ability": row["task"], "group": group,
            "benchmark": benchmark, "task": task, "model_family": "-".join(model_id.split("-")[:-1]),
            "model_id": model_id, "verdict": VERDICTS[row["class"]], "source": row["source"],
            "locator": row["locator"], "note": row["subclass_or_model"],
        })  # fmt: skip
    return out


def _counts() -> list[dict[str, str]]:
    return [
        {"claim_id": f"mirage-count-{index}", "ability": ability, "group": "counts", "verdict": "count",
         "source": "schaeffer2023mirage", "locator": locator, "note": count}
        for index, (ability, count, locator) in enumerate(COUNTS, 1)
    ]  # fmt: skip
