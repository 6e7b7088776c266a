"""Names as harnesses and people write them, as those of the dataset: models, abilities, metrics, sizes in names."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

from data.catalog import Catalog
from data.imports.numbers import digits_of
from data.memo import kept

METRICS = {
    "acc": "accuracy", "acc_norm": "accuracy_norm", "acc_mutual_info": "", "acc_bytes": "", "em": "exact_match",
    "exact": "exact_match", "exact_str_match": "exact_match", "exact_match_score": "exact_match", "mc1": "accuracy",
    "quasi_exact_match": "exact_match.quasi", "prefix_exact_match": "exact_match.prefix",
    "quasi_prefix_exact_match": "exact_match.quasi_prefix", "pass_1": "pass_at_1", "pass_10": "pass_at_10",
    "pass_100": "pass_at_100", "pass_at_1": "pass_at_1", "humaneval_pass_1": "pass_at_1", "ppl": "perplexity",
    "word_perplexity": "perplexity.word", "byte_perplexity": "perplexity.byte", "f1_score": "f1", "macro_f1_score": "macro_f1",
    "f1_macro": "macro_f1", "matthews_corrcoef": "mcc", "matthews_correlation": "mcc", "rouge_1": "rouge1",
    "rouge_2": "rouge2", "rougelsum": "rouge_lsum", "ece_10_bin": "ece", "sacrebleu": "bleu_sacrebleu",
    "likelihood_difference": "", "winrate": "win_rate", "match": "accuracy", "prompt_level_strict_acc": "accuracy.prompt_strict",
    "prompt_level_loose_acc": "accuracy.prompt_loose", "inst_level_strict_acc": "accuracy.inst_strict",
    "inst_level_loose_acc": "accuracy.inst_loose",
}  # fmt: skip
TASKS = {
    "arc:challenge": "arc_challenge", "arc:easy": "arc_easy", "arc_c": "arc_challenge", "arc_e": "arc_easy",
    "lambada_openai": "lambada", "truthfulqa:mc": "truthfulqa_mc", "leaderboard_gpqa": "gpqa",
}  # fmt: skip
PREFIXES = {"hendryckstest": "mmlu", "leaderboard_bbh": "bbh", "bigbench": "big_bench", "bbh_zeroshot": "bbh",
            "bbh_fewshot": "bbh", "openllm": ""}  # fmt: skip
# Names of folders and files that many models share; what stands above them is the model.
COMMON = re.compile(
    r"(?:final|last|best|latest|hf|hf_?model|model|models|main|output|outputs|checkpoints?|ckpts?|weights|results?|stats|"
    r"run_spec|eval|evals|converted|merged|snapshots|[0-9a-f]{40}|(?:results?|samples)_?\d{4}.*)"
)
CHECKPOINT = re.compile(
    r"(?:global_?)?(?:step|checkpoint|ckpt|iter)[-_]?(\d+)(?:[-_]?(?:tokens?)[-_]?(\d+)([bt]))?", re.IGNORECASE
)
_SIZE = re.compile(r"(?:^|[-_/ ])(\d+x)?(\d+(?:\.\d+)?)([mbt])(?=$|[-_ /])", re.IGNORECASE)
_POWER = {"m": 6, "b": 9, "t": 12}
PYTHIA_STEP = 2_097_152  # tokens: 1,024 sequences of 2,048 (Biderman et al., 2023, section 2.2)


def slug(text: str) -> str:
    """A lower_snake slug of a text; blank if nothing of it can stand in one."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")[:80]


def model_id(text: str) -> str:
    """A model id of a name: without organisation or path, lower case."""
    last = text.strip().replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    last = last.rsplit("__", 1)[-1] if "__" in last else last  # an organisation, as harnesses write it in file names
    return re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9.]+", "-", last.casefold())).strip("-.")[:80]


def organisation(text: str) -> str:
    """The organisation of a Hugging Face id, blank if it has none or is a path."""
    parts = text.strip().split("/")
    return (
        re.sub(r"[^a-z0-9.]+", "-", parts[0].casefold()).strip("-.")
        if len(parts) == 2 and parts[0] not in ("", ".", "..", "~")
        else ""
    )


def model_of_path(text: str) -> tuple[str, str]:
    """(model, checkpoint) of the name or path that a harness was given; a checkpoint in it is taken apart."""
    parts = [part for part in text.strip().replace("\\", "/").split("/") if part and part != "."]
    checkpoint = ""
    while len(parts) > 1 and (COMMON.fullmatch(parts[-1].casefold()) or CHECKPOINT.fullmatch(parts[-1])):
        if CHECKPOINT.fullmatch(parts[-1]):
            checkpoint = parts[-1]
        parts.pop()
    if not parts:
        return "", checkpoint
    is_id = len(parts) == 2 and not text.strip().startswith(("/", ".", "~")) and ":" not in parts[0]
    return ("/".join(parts) if is_id else parts[-1]), checkpoint


def model_of_file(path: str) -> str:
    """The model that the folders of a file name, blank if none does: the innermost that has a size in its name."""
    folders = path.replace("\\", "/").split("/")[:-1]
    return next((folder for folder in reversed(folders) if size_in(folder)), "")


def size_in(name: str) -> str:
    """The number of parameters that a name states, as digits; of several the largest, blank if none."""
    found = [
        (many, Decimal(number).scaleb(_POWER[unit.lower()]))
        for many, number, unit in _SIZE.findall(name.replace("--", "-"))
    ]
    if not found or any(many for many, _size in found):  # 8x7b: the experts share parameters, no product is right
        return ""
    return digits_of(max(size for _many, size in found))


def checkpoint_of(text: str) -> str:
    """A revision or folder as a checkpoint slug (step3000), blank if it names none."""
    return slug(text) if text and CHECKPOINT.fullmatch(text.strip()) else ""


def checkpoint_tokens(model: str, checkpoint: str) -> str:
    """The tokens that a model had seen at a checkpoint, where its name or its recipe says so."""
    found = CHECKPOINT.fullmatch(checkpoint.replace("_", "-"))
    if not found:
        return ""
    if found[2]:
        return digits_of(Decimal(found[2]).scaleb(_POWER[found[3].lower()]))
    return str(int(found[1]) * PYTHIA_STEP) if re.match(r"pythia-\d", model) and checkpoint.startswith("step") else ""


def metric(text: str, catalog: Catalog) -> tuple[str, str]:
    """(metric of the dataset, variant) of a metric's name; blank if the dataset has none of the kind."""
    name = slug(text)
    known = METRICS.get(name, name)
    found, _, variant = known.partition(".")
    return (found, variant) if found in _metrics(catalog) else ("", "")


@kept()
def _metrics(catalog: Catalog) -> frozenset[str]:
    return frozenset(catalog.metrics["metric"].astype(str))


@kept()
def _abilities(catalog: Catalog) -> dict[str, set[tuple[str, str]]]:
    """The abilities of the dataset under each name that says one of them."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    pairs = catalog.tasks[["benchmark", "task"]]
    for benchmark, task in set(zip(pairs["benchmark"].astype(str), pairs["task"].astype(str), strict=True)):
        names = {task, f"{benchmark}_{task}"}
        if task in ("average", benchmark):
            names |= {benchmark}
        for name in names - {"average"}:
            found[name].add((benchmark, task))
    return found


def ability(text: str, catalog: Catalog) -> tuple[str, str]:
    """(benchmark, task) of a harness's task: the dataset's where the name says one of them, else one of its own."""
    name = text.strip().lstrip("- ")
    plainly = slug(TASKS.get(name.casefold(), name))
    for prefix, benchmark in PREFIXES.items():
        if plainly.startswith(f"{prefix}_"):
            rest = plainly[len(prefix) + 1 :]
            return _only(f"{benchmark}_{rest}".strip("_"), catalog) or (benchmark or rest, rest)
    if plainly == "hendryckstest":
        plainly = "mmlu"
    return _only(plainly, catalog) or (plainly, plainly)


def _only(name: str, catalog: Catalog) -> tuple[str, str] | None:
    found = _abilities(catalog).get(name, set())
    if len(found) > 1:  # of an average and a task of one name, the name says neither better
        exact = {pair for pair in found if pair[0] == name}
        found = exact if len(exact) == 1 else found
    return next(iter(found)) if len(found) == 1 else None


def shots(cell: str) -> str:
    """A number of shots: 5, 5.0, 5-shot, zero-shot, few."""
    text = cell.strip().casefold().replace("shots", "shot").removesuffix("shot").strip("- ")
    if text in ("zero", "one"):
        return str(("zero", "one").index(text))
    if re.fullmatch(r"\d{1,4}\.0+", text):
        return text.split(".")[0]
    return text if re.fullmatch(r"\d{1,4}|few", text) else cell
