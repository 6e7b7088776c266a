"""One row per model from the figures of several sources; every other published value is kept beside it.

Preference for each figure: the model's own publication (`RANK`), for the families of Wei et al. their Table 2,
whose values are the x positions of the paper's figures; published compute before 6ND; Epoch's estimates last.
Values that were not chosen go to data/alternatives.csv; those that differ by more than a tenth become caveats.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pandas as pd

from data.curate import raw
from data.curate.metrics import plain
from data.curate.scores import DATA, REFERENCES, SOURCES, clean_text, rename_models
from data.naming import family

RANK = [
    "wei2022emergent", "brown2020gpt3", "hoffmann2022chinchilla", "chowdhery2022palm", "thoppilan2022lamda",
    "touvron2023llama", "touvron2023llama2", "meta2023llama2card", "chung2022flan", "ouyang2022instructgpt",
    "borgeaud2021retro", "bhagia2024ladder", "gadre2024reliably", "srivastava2022bigbench", "biderman2023pythia",
    "bigscience2022evals", "lin2021truthfulqa", "wei2022cot", "gptneo_readme", "gptj_readme", "ruan2024observational",
]  # fmt: skip
LAST = ["polo2025sloth", "epoch2025stitching", "epoch2024models"]
FIGURES = {"params": "params", "tokens": "tokens", "train_flops": "flops", "release": "release"}
COLUMNS = [
    "model_id", "family", "name", "params", "params_kind", "active_params", "non_embedding_params", "tokens",
    "train_flops", "flops_kind", "release", "architecture", "tuning",
    "params_source", "params_locator", "tokens_source", "tokens_locator", "flops_source", "flops_locator",
    "release_source", "release_locator", "note",
]  # fmt: skip
TUNED = re.compile(r"instruct|chat|-it\b|-ft\b|finetuned|vicuna|alpaca|koala|wizardlm|guanaco|oasst|openchat|flan")
LABELS = {  # sizes that only a figure of the publication states
    "flamingo-3b": ("3e9", "wei2022emergent", "Fig 13D p.28 (x axis)"),
    "flamingo-9b": ("9e9", "wei2022emergent", "Fig 13D p.28 (x axis)"),
    "flamingo-80b": ("8e10", "wei2022emergent", "Fig 13D p.28 (x axis)"),
    "gopher-44m": ("4.4e7", "chowdhery2022palm", "Figure 3 (size labels)"),
    "gopher-117m": ("1.17e8", "chowdhery2022palm", "Figure 3 (size labels)"),
    "llama-2-34b-chat": ("3.4e10", "touvron2023llama2", "Table 14 (size label)"),
}
NAMES = {"flamingo": "Flamingo", "gopher": "Gopher"}
FAR = 0.1  # a tenth
OWN_NAMES = {"wei2022emergent", "brown2020gpt3", "touvron2023llama", "chowdhery2022palm", "chung2022flan"}


def _rank(source: str) -> int:
    if source in RANK:
        return RANK.index(source)
    return len(RANK) + 1 + (LAST.index(source) + 1 if source in LAST else 0)


def number(text: str) -> str:
    """Counts in full; compute and anything else beyond 10^15 in powers of ten."""
    if not text:
        return ""
    value = Decimal(text)
    return f"{value.normalize():e}".replace("e+", "e") if value >= Decimal("1e15") else plain(value)


def figures() -> pd.DataFrame:
    """All published figures: one row per model, figure and source, in order of preference."""
    rows = raw.folders(raw.MODEL_FILES, "models.csv")
    rows["source"] = rows["source"].replace(SOURCES)
    rows = rename_models(rows)
    rows = rows[~rows["model_id"].isin(REFERENCES)].copy()
    for column in ("params", "tokens", "train_flops"):
        rows[column] = [number(text) for text in rows[column]]
    for column in ("locator", "note"):
        rows[column] = [clean_text(text) for text in rows[column]]
    rows["rank"] = [_rank(source) for source in rows["source"]]
    return rows.sort_values(["model_id", "rank"], kind="stable").reset_index(drop=True)


def _choose(rows: pd.DataFrame, column: str) -> tuple[dict[str, str], pd.DataFrame]:
    """The preferred row for a figure (or {}), and the others that state a different value."""
    stated = rows[rows[column] != ""]
    if column == "params":  # sizes of mixtures that are neither called total nor active are not comparable
        stated = stated[stated["params_kind"].isin(["total", "non_embedding"])]
        stated = stated.assign(last=stated["params_kind"].ne("total")).sort_values("last", kind="stable")
    if column == "train_flops":
        estimate = stated["source"].eq("epoch2024models")
        order = stated["flops_kind"].ne("published").astype(int) + estimate * 3
        stated = stated.assign(last=order).sort_values("last", kind="stable")
    if stated.empty:
        return {}, rows.iloc[:0]
    best = stated.iloc[0].to_dict()
    return best, stated[stated[column] != best[column]]


def table(used: set[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(models, alternatives) for the models in `used`."""
    rows, out, others = figures(), [], []
    groups = dict(list(rows.groupby("model_id", sort=False)))
    for model_id in sorted(used):
        mine = groups.get(model_id, rows.iloc[:0])
        one: dict[str, str] = {"model_id": model_id, "family": family(model_id), "name": _name(model_id, mine)}
        for column, prefix in FIGURES.items():
            best, rest = _choose(mine, column)
            one[column] = best.get(column, "")
            one[f"{prefix}_source"] = best.get("source", "")
            one[f"{prefix}_locator"] = best.get("locator", "")
            if column == "params":
                one["params_kind"] = best.get("params_kind", "")
            if column == "train_flops":
                one["flops_kind"] = best.get("flops_kind", "")
            others += [
                {"model_id": model_id, "figure": column, "value": other[column], "chosen": best[column],
                 "kind": other["params_kind"] if column == "params" else other["flops_kind"] if column == "train_flops"
                 else "", "source": other["source"], "locator": other["locator"], "note": other["note"]}
                for other in rest.to_dict("records")
            ]  # fmt: skip
        if not one["params"] and model_id in LABELS:
            one["params"], one["params_source"], one["params_locator"] = LABELS[model_id]
            one["params"], one["params_kind"] = number(one["params"]), "total"
        inner = mine[(mine["params_kind"] == "non_embedding") & (mine["params"] != "")]
        one["non_embedding_params"] = inner["params"].iloc[0] if len(inner) else ""
        one["active_params"] = ""
        one["architecture"] = next((text for text in mine["architecture"] if text), "")
        one["tuning"] = _tuning(model_id, mine)
        one["note"] = "; ".join(
            dict.fromkeys(f"{s}: {n}" for s, n in zip(mine["source"], mine["note"], strict=True) if n)
        )
        _six_n_d(one)
        out.append(one)
    alternatives = pd.DataFrame(others).drop_duplicates(["model_id", "figure", "value", "source"])
    models = pd.DataFrame(out, columns=COLUMNS).fillna("")
    stated = {row["model_id"] for row in rows[rows["tuning"] != ""].to_dict("records")}
    kinds = models[models["model_id"].isin(stated)].groupby("family")["tuning"].first()
    inferred = ~models["model_id"].isin(stated) & models["tuning"].ne("")
    models.loc[inferred, "tuning"] = models["family"].map(kinds).fillna(models["tuning"])
    return models, alternatives


def caveats(models: pd.DataFrame, alternatives: pd.DataFrame) -> pd.DataFrame:
    """Caveats on figures of models: values that differ by more than a tenth, and compute that Epoch estimates."""
    out = []
    numbers = alternatives[alternatives["figure"] != "release"]
    for (model_id, figure), mine in numbers.groupby(["model_id", "figure"]):
        chosen = float(mine["chosen"].iloc[0])
        far = mine[(mine["value"].astype(float) / chosen - 1).abs() > FAR]
        if len(far):
            words = {"params": "parameters", "tokens": "training tokens", "train_flops": "training FLOPs"}[figure]
            values = "; ".join(f"{float(v):.4g} ({s})" for v, s in zip(far["value"], far["source"], strict=True))
            out.append((f"figure-{model_id}-{figure}", "doubtful", model_id,
                        f"Other sources state other {words} than the {chosen:.4g} used here: {values}.",
                        far["source"].iloc[0], far["locator"].iloc[0]))  # fmt: skip
    estimated = models[models["flops_source"] == "epoch2024models"]
    out += [
        (f"figure-{row.model_id}-epoch", "estimate", row.model_id,
         "Training compute is an estimate by Epoch, not published by the authors of the model.",
         row.flops_source, row.flops_locator)
        for row in estimated.itertuples()
    ]  # fmt: skip
    columns = ["caveat_id", "kind", "model_id", "text", "cited_source", "locator"]
    return pd.DataFrame(out, columns=columns).assign(level="info")


def _six_n_d(one: dict[str, str]) -> None:
    """Training compute as 6 N D, only where both are published, compute is not, and the model is dense."""
    if one["train_flops"] or not one["params"] or not one["tokens"] or one["params_kind"] != "total":
        return
    if one["architecture"] != "dense" or one["tuning"] != "base":
        return
    value = 6 * Decimal(one["params"]) * Decimal(one["tokens"])
    one["train_flops"], one["flops_kind"] = number(str(value)), "6nd"
    one["flops_source"] = one["params_source"]
    one["flops_locator"] = "6 x parameters x tokens, computed here from the two figures of this row"


def _name(model_id: str, rows: pd.DataFrame) -> str:
    own = rows[rows["source"].isin(OWN_NAMES)]
    if model_id.startswith("gpt-3-") and len(own):
        own = own[own["source"] == "wei2022emergent"] if (own["source"] == "wei2022emergent").any() else own
    if len(own):
        return str(own["name"].iloc[0])
    readable = [name for name in rows["name"] if name and "/" not in name and name != model_id]
    if readable:
        return str(readable[0])
    bare = [name.split("/", 1)[1] for name in rows["name"] if "/" in name]
    prefix = NAMES.get(model_id.split("-", maxsplit=1)[0])
    return bare[0] if bare else f"{prefix} {model_id.split('-')[1].upper()}" if prefix else model_id


def _tuning(model_id: str, rows: pd.DataFrame) -> str:
    stated = [text for text in rows["tuning"] if text]
    if stated:
        return stated[0]
    return "instruct" if TUNED.search(model_id) else ""


def families(models: pd.DataFrame) -> pd.DataFrame:
    """data/families.csv: names written by hand are kept, new families get a readable default."""
    path = DATA / "families.csv"
    columns = ["family", "name", "organisation", "note"]
    known = pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame(columns=columns)
    new = sorted(set(models["family"]) - set(known["family"]))
    fresh = pd.DataFrame({"family": new, "name": [default_name(one) for one in new], "organisation": "", "note": ""})
    both = pd.concat([known, fresh], ignore_index=True)
    return both[both["family"].isin(set(models["family"]))].sort_values("family").reset_index(drop=True)[columns]


WORDS = {
    "gpt": "GPT", "opt": "OPT", "palm": "PaLM", "lamda": "LaMDA", "llama": "LLaMA", "bloom": "BLOOM", "mpt": "MPT",
    "t5": "T5", "olmo": "OLMo", "rwkv": "RWKV", "xglm": "XGLM", "glm": "GLM", "glam": "GLaM", "ul2": "UL2", "lm": "LM",
    "qwen1.5": "Qwen1.5", "qwen2": "Qwen2", "qwen2.5": "Qwen2.5", "moe": "MoE", "flan": "FLAN", "api": "API", "nlg":
    "NLG", "iml": "IML", "rw": "RefinedWeb", "c4": "C4", "rpj": "RedPajama", "open": "Open", "mt": "MT", "codellama":
    "CodeLlama", "starcoder": "StarCoder", "starcoder2": "StarCoder2", "smollm": "SmolLM", "tinyllama": "TinyLlama",
    "stablelm": "StableLM", "unifiedqa": "UnifiedQA", "roberta": "RoBERTa", "bert": "BERT", "albert": "ALBERT",
    "instructgpt": "InstructGPT", "sft": "SFT", "ppo": "PPO", "ptx": "ptx", "redpajama": "RedPajama", "deepseek":
    "DeepSeek", "v0": "v0", "chatglm": "ChatGLM", "internlm2": "InternLM2", "retro": "RETRO", "neox": "NeoX",
}  # fmt: skip


def default_name(slug: str) -> str:
    """'opt-iml-max' -> 'OPT-IML Max': good enough until somebody writes a better name into families.csv."""
    if slug.startswith("open-lm-"):
        data, times = slug.removeprefix("open-lm-").split("-x")
        return f"open_lm {WORDS[data]}, {times} x tokens"
    if slug.startswith("olmo-ladder-"):
        return (
            f"OLMo ladder, {slug.removeprefix('olmo-ladder-').replace('xc', ' x Chinchilla tokens').replace('-', ' ')}"
        )
    words = [WORDS.get(word, word if word[:1].isdigit() else word.capitalize()) for word in slug.split("-")]
    text = " ".join(words)
    text = (
        re.sub(r"^(GPT|FLAN|Big|UL) (?=[\dTPGUJN])", r"\1-", text)
        .replace("LLaMA 2", "Llama 2")
        .replace("LLaMA 3", "Llama 3")
    )
    return text.replace("Big-G", "BIG-G").replace("Big G", "BIG-G").replace("GPT-3 API", "GPT-3 (API)")
