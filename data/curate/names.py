"""One slug per benchmark and task: where each printed name goes, and why.

`place` returns (benchmark, task). Sub-benchmarks that are printed both alone and inside a suite get one home
(BoolQ, COPA, RTE ... are SuperGLUE tasks; WiC, an ability of its own in Wei et al., stays `wic/wic`).
"""

from __future__ import annotations

import re

BENCHMARKS = {
    "big_bench_hard": "bbh",
    "arc_challenge": "arc",
    "arc_easy": "arc",
    "openbook_qa": "openbookqa",
    "socialiqa": "siqa",
    "csqa": "commonsense_qa",
    "math_qa": "mathqa",
    "logi_qa": "logiqa",
    "race_h": "race",
    "race_m": "race",
    "the_pile": "pile",
    "translation_wmt": "wmt",
    "nlu_10_task_average": "nlu_10",
    "pubmed_qa_labeled": "pubmedqa",
    "crows_pairs_english": "crows_pairs",
    "crows_pairs_french": "crows_pairs",
    "date_understanding": "cot_commonsense",
    "sports_understanding": "cot_commonsense",
    "flan2021_heldout": "flan_2021_heldout",
}
SINGLE = {"openbookqa", "siqa", "commonsense_qa", "mathqa", "logiqa"}  # suites of one task, printed under two names
SUPERGLUE = {"boolq", "cb", "copa", "rte", "wsc", "multirc", "record", "axb", "axg"}
GLUE = {"cola", "mnli", "mnli_mismatched", "mrpc", "qnli", "qqp", "sst", "wnli"}
TASKS = {
    ("calibration", "calibration (T/F versus letter choices)"): "p_true",
    ("addition_8_digit", "8-digit addition (finetuned)"): "addition_8_digit",
    ("grounded_mappings", "grounded conceptual mappings"): "grounded_conceptual_mappings",
    ("nlu_10", "average of 10 NLU tasks"): "average",
    ("wic", "word in context"): "wic",
    ("wic", "word in context (test server)"): "wic",
    ("truthfulqa", "multiple choice"): "mc1",  # chance 22.6 % in Fig 2E is that of MC1
    ("truthfulqa", "multiple_choice"): "mc1",  # Hoffmann et al. quote the 43.7 % that Fig 2E plots for Gopher
    ("truthfulqa", "truthfulqa"): "mc2",  # the Open LLM Leaderboard reports MC2
    ("truthfulqa", "generation_qa_prompt"): "generation",
    ("truthfulqa", "generation_instruction"): "generation",
    ("truthfulqa", "generation_qa_and_instruct"): "generation",
    ("piqa", "Physical QA few-shot"): "piqa",
    ("triviaqa", "TriviaQA few-shot"): "triviaqa",
    ("okvqa", "OKVQA"): "okvqa",
    ("cot_commonsense", "date"): "date_understanding",
    ("cot_commonsense", "sports"): "sports_understanding",
    ("mawps", "mawps average"): "average",
    ("mawps", "mawps"): "average",
    ("mmlu", "average (57 topics)"): "average",
    ("mmlu", "average_test"): "average",
    ("mmlu", "mmlu_mean"): "average",
    ("mmlu", "mmlu"): "average",
    ("mmlu", "mmlu_zeroshot"): "average",
    ("mmlu", "category_social_science"): "social_sciences",
    ("bbh", "bbh_mean"): "average",
    ("bbh", "average_27_subtasks"): "average_27",
    ("bbh", "average_23_tasks"): "average_23",
    ("superglue", "superglue_average"): "average",
    ("race", "race_h"): "high",
    ("race", "race_m"): "middle",
    ("hellaswag", "hellaswag_zeroshot"): "hellaswag",
    ("gsm8k", "gsm8k_cot"): "gsm8k",
    ("gsm8k", "gsm8k_cot_self_consistency"): "gsm8k",
    ("gsm8k", "gsm8k_cot_zeroshot"): "gsm8k",
    ("arithmetic", "single_digit_three_ops"): "three_operations_1_digit",
    ("pubmedqa", "pubmed_qa_labeled"): "pubmedqa",
    ("big_bench", "causal_judgement"): "causal_judgment",
    ("big_bench", "strategy_qa"): "strategyqa",
    ("big_bench", "physics_mc"): "physics",  # as in the task's own name; printed with the sub-task suffix
    ("big_bench", "human_organs_senses_mcc"): "human_organs_senses",
    ("big_bench", "general_knowledge_json"): "general_knowledge",
    ("blimp", "blimp_mean"): "average",
    ("crows_pairs", "crows_pairs_english"): "english",
    ("crows_pairs", "crows_pairs_french"): "french",
    ("crows_pairs", "socioeconomic_status"): "socioeconomic",
    ("crows_pairs", "crows_pairs_english_autre"): "other",
    ("chatbot_arena", "arena_elo"): "elo",
    ("math", "math_lvl5"): "level_5",
    ("memorization", "pile_32token_exact"): "pile_32_tokens",
    ("memorization", "train_50token_exact"): "train_50_tokens",
    ("memorization", "heldout_50token_exact"): "heldout_50_tokens",
    ("memorization", "train_seen_once"): "train_seen_once",
    ("poeta", "npm_14_datasets"): "average",
    ("sabia_english", "npm_6_datasets"): "average",
    ("human_preference", "vs_gpt-3-175b"): "vs_gpt_3",
    ("human_preference", "vs_gpt-3-175b-few-shot"): "vs_gpt_3_few_shot",
    ("human_preference", "vs_gpt-3-175b-flan-finetuned"): "vs_gpt_3_flan_finetuned",
    ("human_preference", "vs_gpt-3-175b-t0-finetuned"): "vs_gpt_3_t0_finetuned",
    ("tydiqa_primary", "tydiqa_primary"): "primary",
}
SCRAMBLE = {
    "Anagrams 1": "mid_word_1_anagrams",
    "Anagrams 2": "mid_word_2_anagrams",
    "Cycled Letters": "cycle_letters",
    "Reversed Words": "reversed_words",
    "Symbol Insertion": "random_insertion",
}
WORDS = {"single": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
SIGNS = {"+": "addition", "-": "subtraction", "x": "multiplication", "C": "three_operations"}


def slug(text: str) -> str:
    """Lower snake case: letters, digits and single underscores."""
    return re.sub(r"_+", "_", re.sub(r"[^a-z0-9]+", "_", text.lower())).strip("_")


def big_bench_slug(printed: str) -> str:
    """A BIG-bench name as printed in a list ('word unscrambling') as the task's slug."""
    name = slug(printed)
    return TASKS.get(("big_bench", name), name)


def place(benchmark: str, task: str) -> tuple[str, str]:  # noqa: PLR0911  # one line per rule
    """(benchmark, task) of the catalog for a printed pair."""
    benchmark = BENCHMARKS.get(benchmark, benchmark)
    if benchmark in SUPERGLUE and benchmark == task.split("_val_", maxsplit=1)[0]:
        return "superglue", benchmark
    if benchmark in GLUE:
        return "glue", benchmark
    if benchmark.startswith("agi_eval_"):
        return "agieval", benchmark.removeprefix("agi_eval_")
    if benchmark.startswith("lambada_mt_"):
        return "lambada_multilingual", benchmark.removeprefix("lambada_mt_")
    if benchmark.startswith("simple_arithmetic_"):
        return "simple_arithmetic", benchmark.removeprefix("simple_arithmetic_")
    if benchmark.startswith("winogender_mc_"):
        return "winogender", benchmark.removeprefix("winogender_")
    if benchmark == "tydiqa_primary":
        return "tydiqa", "primary"
    if benchmark == "toxicity":
        home = "real_toxicity_prompts" if task.startswith("real_toxicity") else "toxigen"
        return home, slug(task).removeprefix("real_toxicity_prompts_").removeprefix("toxigen_")
    if benchmark == "toxigen":
        return "toxigen", "detection"
    if benchmark in SINGLE:
        return benchmark, benchmark
    if (benchmark, task) in TASKS:
        return benchmark, TASKS[benchmark, task]
    return benchmark, _task(benchmark, task)


def _task(benchmark: str, task: str) -> str:  # noqa: PLR0911  # one line per rule
    task = re.sub(r"_(val|test)_(rc|mc)$", "", task)  # OLMo: split and format are the protocol
    if benchmark == "arc":
        return {"arc_challenge/Challenge score": "arc_challenge", "arc_challenge/Easy score": "arc_easy"}.get(
            task, task
        )
    if benchmark == "arithmetic":
        return _arithmetic(task)
    if benchmark == "word_scramble":
        return SCRAMBLE.get(task, task)
    if benchmark in ("coin_flip", "last_letter_concatenation"):
        found = re.search(r"\d", task)
        assert found, task
        return f"{found[0]}_{'flips' if benchmark == 'coin_flip' else 'words'}"
    if benchmark == "mmlu":
        return slug(task.removeprefix("category_").removeprefix("mmlu_"))
    if benchmark == "ethics":
        return task.removeprefix("ethics_")
    if benchmark == "crows_pairs":
        return slug(re.sub(r" \(prompt .*\)$", "", task).removeprefix("crows_pairs_english_")).replace(
            "crows_pairs_english", "english"
        )
    if benchmark == "winobias":
        return task.removeprefix("wino_bias_")
    if benchmark in ("agentbench", "agentboard"):
        return slug(task.split("-", 1)[1])
    if benchmark == "inverse_scaling_pilot":
        return slug(re.sub(r"-[01]shot$", "", task))
    return slug(task)


def _arithmetic(task: str) -> str:
    """'3D+', 'three_digit_addition', '3_digit_addition' -> 'addition_3_digit'."""
    if task == "1DC":
        return "three_operations_1_digit"
    short = re.fullmatch(r"(\d)D([-+x])", task)
    if short:
        return f"{SIGNS[short[2]]}_{short[1]}_digit"
    long = re.fullmatch(r"(\w+?)_digit_(addition|subtraction|multiplication)", task)
    if long:
        return f"{long[2]}_{WORDS.get(long[1], long[1])}_digit"
    return slug(task)
