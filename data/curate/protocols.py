"""Protocols: rows of one source that must not stand in one curve get a suffix, `source.variant`.

Each rule names the rows it is for; the check of unique keys in the build proves that none is missing.
"""

from __future__ import annotations

import re

from data.curate.names import slug

Row = dict[str, str]
PRINTED_TWICE = {"rechnyAjkN3CHnI5g", "recCpu5aGJJNQDoZt"}  # same model and table, two values, no stated difference


def protocol(row: Row) -> str:
    """The protocol slug of a raw row (its source has been renamed already)."""
    rule = RULES.get(row["source"])
    variant = rule(row) if rule else ""
    return f"{row['source']}.{variant}" if variant else row["source"]


def _brown(row: Row) -> str:
    """Table H.1 prints a dev or test column and one value of the official test server."""
    return "test_server" if "test server" in row["locator"] + row["task"] else ""


def _wei(row: Row) -> str:
    """Fig 5 repeats Fig 2 A-C sampled at T = 1; the greedy series is that of Fig 2."""
    return "sampled" if row["metric"].startswith("error_rate") else ""


def _cot(row: Row) -> str:
    """The ablation of Table 6 repeats LaMDA 137B with other exemplar orders (SVAMP 36.7 against 37.5)."""
    return "ablation" if row["locator"].startswith("Table 6") else ""


def _palm(row: Row) -> str:
    """Where K = 1 the one-shot and the few-shot column coincide in name; text and figure differ slightly."""
    if row["note"].startswith("few-shot column") and row["n_shot"] == "1":
        return "few_shot_column"
    if row["locator"].startswith(("section 7, p. 33", "section 6.2, p. 16", "Section 6.2 text")):
        return "text"
    return ""


def _llama(row: Row) -> str:
    """Table 10 compares tuned models with values that differ from Table 9; TriviaQA is on the filtered dev set."""
    return "table_10" if row["locator"].startswith("Table 10") else ""


def _chinchilla(row: Row) -> str:
    """TriviaQA is given on two sets."""
    if row["benchmark"] == "triviaqa":
        return slug(row["note"])
    if row["note"].startswith("RACE: GPT-3 and MT-NLG") and row["model_id"] in ("gpt-3-175b", "mt-nlg-530b"):
        return "other_prompt"
    return ""


def _flan(row: Row) -> str:
    """MMLU on the test set in Table 4, on another split in Tables 3 and 5; ablated checkpoints of Table 3."""
    tasks = re.search(r"finetuned on only (\d+) tasks", row["note"])
    if tasks:
        return f"ablation_{tasks[1]}_tasks"
    table = re.match(r"Table ([34])$", row["locator"])
    return f"table_{table[1]}" if table else ""


def _truthfulqa(row: Row) -> str:
    """The default QA prompt, and five other prompts for the largest model."""
    return row["prompting"] if row["prompting"].startswith("prompt_") else ""


def _instructgpt(row: Row) -> str:
    """TruthfulQA with three prompts."""
    task = row["task"]
    if row["benchmark"] != "truthfulqa":
        return ""
    return {"generation": "qa_prompt", "generation_qa_prompt": "qa_prompt"}.get(task, task.removeprefix("generation_"))


def _ruan(row: Row) -> str:
    """Answer filters of the harness; the chat table mixes leaderboard and vendor numbers."""
    if row["note"].startswith("answer filter "):
        return slug(row["note"].removeprefix("answer filter "))
    return "chat_table" if "mixed origins" in row["note"] else ""


def _epoch(row: Row) -> str:
    """Each primary publication that Epoch transcribes is a protocol of its own."""
    link = row["via"].split()[-1]
    arxiv = re.search(r"(\d{4}\.\d{4,5})", link)
    primary = "arxiv_" + slug(arxiv[1]) if arxiv else slug(re.sub(r"^https?://(www\.)?", "", link))[:60].strip("_")
    return primary + "_second" if row["locator"].split("row ")[-1].split(",")[0] in PRINTED_TWICE else primary


def _olmo(row: Row) -> str:
    """Cloze (rc) or letters (mc), validation or test split."""
    found = re.search(r"_(val|test)_(rc|mc)$", row["task"])
    return f"{found[2]}_{found[1]}" if found else ""


def _pipeline(row: Row) -> str:
    """Directories of result files of the repository that hold the same task again."""
    found = re.search(r"results/([^/]+)/", row["locator"])
    if not found or row["locator"].startswith("repo "):
        return ""
    return slug(found[1]) + ("_b" if "1k_" in found[1] else "")  # 'lambada-1k_gpt3' beside 'lambada-1k-gpt3'


def _tr11(row: Row) -> str:
    """Prompted CrowS-Pairs: one protocol per prompt."""
    found = re.search(r"\(prompt (.*)\)", row["task"])
    return "prompt_" + slug(found[1]) if found else ""


def _bigscience(row: Row) -> str:
    """Medians over prompts belong to the comparison of BLOOM and OPT."""
    return "comparison" if "README of bigscience" in row["note"] else ""


def _modelspec(row: Row) -> str:
    """Values of task READMEs are not the official score files."""
    return "readme" if re.search(r"README value|authors' own", row["note"]) else ""


def _pythia(row: Row) -> str:
    """The arithmetic files come from a case study of unstated version; bias files are a case study too."""
    return "arithmetic" if row["benchmark"] == "arithmetic" else ""


RULES = {
    "brown2020gpt3": _brown,
    "wei2022emergent": _wei,
    "wei2022cot": _cot,
    "chowdhery2022palm": _palm,
    "touvron2023llama": _llama,
    "hoffmann2022chinchilla": _chinchilla,
    "chung2022flan": _flan,
    "lin2021truthfulqa": _truthfulqa,
    "ouyang2022instructgpt": _instructgpt,
    "ruan2024observational": _ruan,
    "epoch2025stitching": _epoch,
    "bhagia2024ladder": _olmo,
    "mckenzie2022pipeline": _pipeline,
    "bigscience2022tr11": _tr11,
    "bigscience2022evals": _bigscience,
    "modelspec2026catalog": _modelspec,
    "biderman2023pythia": _pythia,
}
