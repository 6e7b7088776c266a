"""Declared corrections: cells that are changed, each with its reason and the value expected before.

A correction whose expectation no longer holds stops the curation: somebody has changed the raw value, and the
correction must be looked at again.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Correction:
    """Set `column` of the raw rows matching `where` (`*` ends a prefix) to `value`, because of `reason`."""

    where: dict[str, str]
    column: str
    expected: str
    value: str
    reason: str
    rows: int = 1


CORRECTIONS = (
    Correction({"source": "epoch2025stitching", "note": "printed name: GLaM (MoE) 0.1B/64E"}, "model_id", "64e",
               "glam-moe-0.1b-64e", "the id '64e' lumps four GLaM sizes together", 9),
    Correction({"source": "epoch2025stitching", "note": "printed name: GLaM (MoE) 1.7B/64E"}, "model_id", "64e",
               "glam-moe-1.7b-64e", "the id '64e' lumps four GLaM sizes together", 9),
    Correction({"source": "epoch2025stitching", "note": "printed name: GLaM (MoE) 8B/64E"}, "model_id", "64e",
               "glam-moe-8b-64e", "the id '64e' lumps four GLaM sizes together", 9),
    Correction({"source": "epoch2025stitching", "note": "printed name: GLaM (MoE) 64B/64E"}, "model_id", "64e",
               "glam-moe-64b-64e", "the id '64e' lumps four GLaM sizes together", 9),
    Correction({"source": "epoch2025stitching", "note": "printed name: Llama 2 (7B)", "model_id": "llama-2-70b"},
               "model_id", "llama-2-70b",
               "llama-2-7b", "filed under another size than the one printed"),
    Correction({"source": "epoch2025stitching", "note": "printed name: Qwen2.5-Coder-3B", "model_id":
                "qwen2.5-coder-32b"}, "model_id", "qwen2.5-coder-32b", "qwen2.5-coder-3b",
               "filed under another size than the one printed"),
    Correction({"source": "epoch2025stitching", "note": "printed name: PaLM 2-L", "model_id": "palm-2-s"}, "model_id",
               "palm-2-s", "palm-2-l", "filed under another size than the one printed"),
    Correction({"source": "epoch2025stitching", "note": "printed name: Phi-3-small", "model_id":
                "phi-3-mini-4k-instruct"}, "model_id", "phi-3-mini-4k-instruct", "phi-3-small-8k-instruct",
               "filed under another size than the one printed"),
    Correction({"source": "epoch2025stitching", "note": "printed name: GPT-3*", "model_id": "text-davinci-001"}, "model_id", "text-davinci-001",
               "gpt-3-175b", "Epoch maps the GPT-3 of the papers to an API model", 32),
    Correction({"source": "epoch2025stitching", "note": "printed name: GPT3*", "model_id": "text-davinci-001"}, "model_id", "text-davinci-001",
               "gpt-3-175b", "Epoch maps the GPT-3 of the papers to an API model"),
    Correction({"source": "gadre2024reliably", "benchmark": "arc", "task": "arc_challenge"}, "n_examples", "2376", "",
               "eval_metadata.csv repeats the row of ARC easy", 104),
    Correction({"source": "hendrycks_test_readme", "prompting": "finetuned", "model_id": "gpt-3-175b"}, "model_id",
               "gpt-3-175b", "gpt-3-175b-finetuned", "a fine-tuned model is another model", 5),
    Correction({"source": "hendrycks_test_readme", "prompting": "finetuned", "model_id": "gpt-3-6.7b"}, "model_id",
               "gpt-3-6.7b", "gpt-3-6.7b-finetuned", "a fine-tuned model is another model", 5),
    Correction({"source": "wei2022emergent", "benchmark": "triviaqa", "task": "TriviaQA few-shot"}, "n_shot", "",
               "few", "the panel is titled few-shot", 8),
    Correction({"source": "wei2022emergent", "benchmark": "piqa", "task": "Physical QA few-shot"}, "n_shot", "",
               "few", "the panel is titled few-shot", 8),
    Correction({"source": "wei2022emergent", "benchmark": "mmlu", "task": "average (57 topics)", "n_shot": "5"},
               "n_shot", "5", "", "Fig 2G is one panel; the caption states no shots, other tables give 5 for the "
               "three largest models only", 3),
)  # fmt: skip


def apply(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """`rows` with the corrections made, and one sentence for each."""
    rows, log = rows.copy(), []
    for one in CORRECTIONS:
        mask = pd.Series(True, index=rows.index)
        for column, value in one.where.items():
            mask &= rows[column].str.startswith(value[:-1]) if value.endswith("*") else rows[column] == value
        found = set(rows.loc[mask, one.column])
        if int(mask.sum()) != one.rows or found != {one.expected}:
            raise SystemExit(
                f"declared correction no longer fits: {one.where} has {int(mask.sum())} rows with "
                f"{one.column} {sorted(found)}, expected {one.rows} rows with '{one.expected}' ({one.reason})"
            )
        rows.loc[mask, one.column] = one.value
        log.append(f"{one.rows} rows {one.where}: {one.column} '{one.expected}' -> '{one.value}' ({one.reason})")
    return rows, log
