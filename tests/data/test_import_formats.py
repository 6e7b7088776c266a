"""One small sample of each format, laid out as the format's own code writes it, and what must come out of it."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from data import Import, Reading, guess_columns, import_results

Rows = list[tuple[Any, ...]]


def read(data: Any, name: str = "results.json", **more: Any) -> Import:
    content = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    return import_results({name: content}, **more)


def rows(found: Import, *columns: str) -> Rows:
    return list(found.scores[list(columns)].itertuples(index=False, name=None))


LMEVAL: dict[str, Any] = {
    "results": {
        "mmlu": {"acc,none": 0.31, "acc_stderr,none": 0.004, "alias": "mmlu"},
        "mmlu_anatomy": {"alias": " - anatomy", "acc,none": 0.3, "acc_stderr,none": 0.04, "sample_len": 135},
        "gsm8k": {
            "exact_match,strict-match": 0.02, "exact_match_stderr,strict-match": "N/A",
            "exact_match,flexible-extract": 0.03, "exact_match_stderr,flexible-extract": 0.005,
        },
        "wikitext": {"word_perplexity,none": 21.5, "bits_per_byte,none": 0.83, "word_perplexity_stderr,none": "N/A"},
    },
    "groups": {"mmlu": {"acc,none": 0.31, "acc_stderr,none": 0.004, "alias": "mmlu"}},
    "group_subtasks": {"mmlu": ["mmlu_anatomy"]},
    "configs": {"gsm8k": {"num_fewshot": 8}},
    "versions": {"mmlu": 2},
    "n-shot": {"mmlu": 0, "mmlu_anatomy": 5, "gsm8k": 8, "wikitext": 0},
    "higher_is_better": {"mmlu": {"acc": True}, "wikitext": {"word_perplexity": False, "bits_per_byte": False}},
    "n-samples": {"mmlu_anatomy": {"original": 135, "effective": 100}, "gsm8k": {"original": 1319, "effective": 1319}},
    "config": {
        "model": "hf", "model_args": {"pretrained": "example-org/Toy-410m", "dtype": "float16"},
        "model_num_parameters": 405334016, "limit": 100.0, "model_revision": "main",
    },
}  # fmt: skip


def test_lm_evaluation_harness() -> None:
    found = read(LMEVAL)
    assert rows(found, "benchmark", "task", "metric", "n_shot", "protocol", "score") == [
        ("mmlu", "average", "accuracy", "5", "own", 0.31),
        ("mmlu", "anatomy", "accuracy", "5", "own", 0.3),
        ("gsm8k", "gsm8k", "exact_match", "8", "own.strict_match", 0.02),
        ("gsm8k", "gsm8k", "exact_match", "8", "own.flexible_extract", 0.03),
        ("wikitext", "wikitext", "perplexity", "0", "own.word", 21.5),
        ("wikitext", "wikitext", "bits_per_byte", "0", "own", 0.83),
    ]
    assert found.scores["n_examples"].tolist()[:3] == [100, 100, 1319]
    assert found.models["params"].tolist() == [405334016]
    assert found.models["model_id"].tolist() == ["toy-410m"]
    assert found.scores["chance"].tolist()[0] == 0.25
    assert found.problems == ()
    assert [(one.name, one.format, one.rows) for one in found.files] == [("results.json", "lm-evaluation-harness", 6)]


@pytest.mark.parametrize(
    ("arguments", "model", "checkpoint"),
    [
        ("pretrained=example-org/Toy-410m,dtype=float16", "toy-410m", ""),
        ("pretrained=/data/runs/Toy-410m/final", "toy-410m", ""),
        ("pretrained=../ckpts/Toy-410m/step3000", "toy-410m", "step3000"),
        ("pretrained=EleutherAI/pythia-410m,revision=step3000", "pythia-410m", "step3000"),
        ({"pretrained": "example-org/Toy-410m", "revision": "step3000"}, "toy-410m", "step3000"),
        ("example-org/Toy-410m", "toy-410m", ""),
    ],
)
def test_models_and_checkpoints_of_lm_evaluation_harness(arguments: Any, model: str, checkpoint: str) -> None:
    data = {"results": {"piqa": {"acc": 0.5}}, "versions": {}, "config": {"model_args": arguments, "num_fewshot": 0}}
    found = read(data)
    assert found.scores["model_id"].tolist() == [model]
    assert found.scores["preferred"].tolist() == [not checkpoint]
    if checkpoint and model == "pythia-410m":
        assert found.scores["checkpoint_tokens"].tolist() == [3000 * 2_097_152]
    elif checkpoint:
        assert found.scores["protocol"].tolist() == [f"own.{checkpoint}"]
    assert bool(checkpoint) == any("intermediate checkpoint" in sentence for sentence in found.problems)


def test_a_file_without_a_model_takes_that_of_its_folder_or_of_the_mapping() -> None:
    bare = {"piqa": {"acc,none": 0.5, "acc_stderr,none": 0.01}}
    (sentence,) = read(bare).problems
    assert "names no model" in sentence
    assert read(bare, "runs/example-org__Toy-7b/results_2024.json").scores["model_id"].tolist() == ["toy-7b"]
    mapped = read(bare, mapping={"results.json": Reading(constants={"model_id": "mine-7b"})})
    assert mapped.scores["model_id"].tolist() == ["mine-7b"]


def test_files_of_one_name_make_one_curve() -> None:
    files = {}
    for size, score in (("70m", 0.26), ("410m", 0.27), ("1.4b", 0.31), ("6.9b", 0.4), ("12b", 0.5)):
        data = {"results": {"piqa": {"acc,none": score, "acc_stderr,none": 0.01}}, "n-shot": {"piqa": 0},
                "config": {"model_args": f"pretrained=example-org/Toy-{size}"}}  # fmt: skip
        files[f"toy-{size}/results.json"] = json.dumps(data).encode()
    found = import_results(files)
    assert len(found.scores.groupby(["family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"])) == 1
    assert found.scores["model_id"].nunique() == 5
    assert all(one.remark for one in found.findings)  # sizes from names


def test_answers_of_items_are_said_to_be_no_scores() -> None:
    lines = "\n".join(json.dumps({"doc_id": at, "resps": [], "filtered_resps": [], "acc": 1.0}) for at in range(3))
    (sentence,) = read(lines, "samples_piqa.jsonl").problems
    assert "single answers of lm-evaluation-harness" in sentence


def test_a_limit_without_counts_takes_the_count_that_the_error_implies() -> None:
    config = {"model_args": "pretrained=toy-7b", "limit": 0.1}
    results = {"gsm8k": {"acc,none": 0.5, "acc_stderr,none": 0.05}, "piqa": {"acc,none": 0.5}}
    found = read({"results": results, "config": config})
    assert rows(found, "task", "n_examples") == [("gsm8k", 101)]
    assert sum("only a part of the items" in sentence for sentence in found.problems) == 2


def test_a_metric_that_the_file_calls_better_the_other_way_is_refused() -> None:
    data = {"results": {"piqa": {"acc,none": 0.5}}, "higher_is_better": {"piqa": {"acc": False}},
            "config": {"model_args": "pretrained=toy-7b"}}  # fmt: skip
    found = read(data)
    assert len(found.scores) == 0
    assert "lower values of accuracy are better" in found.problems[0]


def stat(name: str, mean: float, **more: Any) -> dict[str, Any]:
    return {"name": {"name": name, "split": "test", **more}, "count": 1, "sum": mean, "sum_squared": mean * mean,
            "min": mean, "max": mean, "mean": mean, "variance": 0.0, "stddev": 0.0}  # fmt: skip


def helm(size: str, score: float) -> dict[str, bytes]:
    robust = {"name": "robustness", "robustness": True, "computed_on": "worst"}
    stats = [
        stat("num_instances", 114.0), stat("exact_match", score), stat("exact_match@5", score + 0.1),
        stat("exact_match", score - 0.1, perturbation=robust), stat("exact_match", score + 0.2, split="valid"),
        stat("inference_runtime", 1.5),
    ]  # fmt: skip
    spec = {
        "name": f"mmlu:subject=anatomy,method=multiple_choice_joint,model=example_toy-{size}",
        "scenario_spec": {"class_name": "helm.benchmark.scenarios.mmlu_scenario.MMLUScenario", "args": {"subject": "anatomy"}},
        "adapter_spec": {"method": "multiple_choice_joint", "model": f"example/toy-{size}", "max_train_instances": 5},
        "metric_specs": [], "groups": ["mmlu"],
    }  # fmt: skip
    return {"stats": json.dumps(stats).encode(), "run_spec": json.dumps(spec).encode()}


@pytest.mark.parametrize("names", ["{size}/{file}.json", "{file} ({number}).json"])
def test_helm(names: str) -> None:
    files = {
        names.format(size=size, number=number, file=file): content
        for number, (size, score) in enumerate((("1b", 0.3), ("7b", 0.5)), 1)
        for file, content in helm(size, score).items()
    }
    found = import_results(files)
    assert rows(found, "model_id", "benchmark", "task", "metric", "n_shot", "n_examples", "protocol", "score")[:4] == [
        ("toy-1b", "mmlu", "anatomy", "exact_match", "5", 114, "own", 0.3),
        ("toy-1b", "mmlu", "anatomy", "exact_match", "5", 114, "own.at_5", 0.4),
        ("toy-1b", "mmlu", "anatomy", "exact_match", "5", 114, "own.robustness_worst", pytest.approx(0.2)),
        ("toy-1b", "mmlu", "anatomy", "exact_match", "5", 135, "own.valid", 0.5),
    ]
    assert len(found.scores) == 8


def test_helm_without_its_run_spec_says_what_is_missing() -> None:
    (sentence,) = read(helm("1b", 0.3)["stats"], "stats.json").problems
    assert "run_spec.json of the same run is needed" in sentence


def log(status: str = "success") -> dict[str, Any]:
    metrics = {"accuracy": {"name": "accuracy", "value": 0.625}, "stderr": {"name": "stderr", "value": 0.18}}
    return {
        "version": 2, "status": status,
        "eval": {"task": "inspect_evals/gsm8k", "model": "hf/example-org/toy-1.4b", "task_args": {"fewshot": 10},
                 "dataset": {"name": "gsm8k", "samples": 8}, "config": {"epochs": 2, "epochs_reducer": ["mean"]}},
        "plan": {"name": "plan", "steps": [{"solver": "prompt_template"}, {"solver": "generate"}]},
        "results": {"total_samples": 16, "completed_samples": 16, "scores": [
            {"name": "match", "scorer": "match", "reducer": "mean", "metrics": metrics},
            {"name": "match", "scorer": "match", "reducer": "pass_at_2", "metrics": {"accuracy": {"name": "accuracy", "value": 0.75}}},
        ]},
    }  # fmt: skip


def archive(header: bytes, method: int = zipfile.ZIP_DEFLATED, name: str = "header.json") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        file.writestr(name, header)
    return out.getvalue()


@pytest.mark.parametrize("packed", [False, True])
def test_inspect(packed: bool) -> None:
    content = json.dumps(log()).encode()
    found = read(archive(content) if packed else content, "log.eval" if packed else "log.json")
    assert rows(found, "model_id", "task", "metric", "n_shot", "protocol", "score", "n_examples") == [
        ("toy-1.4b", "gsm8k", "accuracy", "10", "own", 0.625, 8),
        ("toy-1.4b", "gsm8k", "accuracy", "10", "own.pass_at_2", 0.75, 8),
    ]
    assert found.scores["stderr"].iloc[0] == 0.18


@pytest.mark.parametrize("status", ["error", "cancelled", "started"])
def test_a_run_of_inspect_that_did_not_end_gives_no_score(status: str) -> None:
    found = read(log(status))
    assert len(found.scores) == 0
    assert f"this log of Inspect says '{status}'" in found.problems[0]


def test_archives_are_opened_for_logs_only_and_within_bounds() -> None:
    assert "a zip archive; only .eval logs" in read(archive(b"{}", name="a.json"), "a.zip").problems[0]
    assert "Excel workbook" in read(archive(b"{}", name="xl/workbook.xml"), "a.xlsx").problems[0]
    bomb = archive(b'{"status": "' + b" " * 50_000_000 + b'"}')
    assert "unpacks to more than" in read(bomb, "a.eval").problems[0]


def test_leaderboard() -> None:
    found = read({
        "config_general": {"model_name": "example-org/Toy-7B", "num_few_shot_default": 0},
        "results": {
            "harness|arc:challenge|25": {"acc": 0.45, "acc_stderr": 0.014, "acc_norm": 0.48, "acc_norm_stderr": 0.015},
            "harness|hendrycksTest-anatomy|5": {"acc": 0.4, "acc_stderr": 0.04},
            "harness|truthfulqa:mc|0": {"mc1": 0.25, "mc1_stderr": 0.015, "mc2": 0.38, "mc2_stderr": 0.014},
            "all": {"acc": 0.42, "acc_norm": 0.44},
        },
        "versions": {"all": 0},
    })  # fmt: skip
    assert rows(found, "benchmark", "task", "metric", "n_shot", "score") == [
        ("arc", "arc_challenge", "accuracy", "25", 0.45),
        ("arc", "arc_challenge", "accuracy_norm", "25", 0.48),
        ("mmlu", "anatomy", "accuracy", "5", 0.4),
        ("truthfulqa", "mc1", "accuracy", "0", 0.25),
        ("truthfulqa", "mc2", "mc2", "0", 0.38),
    ]
    assert any("averages" in sentence and "(all)" in sentence for sentence in found.problems)


def test_open_lm_and_big_science() -> None:
    found = read(
        {"name": "heavy", "model": "open_lm_1b", "eval_metrics": {"icl": {"mmlu_zeroshot": 0.25, "piqa": 0.7}}}
    )
    assert rows(found, "model_id", "task", "n_shot", "score") == [
        ("open-lm-1b", "average", "0", 0.25),
        ("open-lm-1b", "piqa", "", 0.7),
    ]
    assert any("no metric is named" in sentence for sentence in found.problems)
    run = {"acc": 0.44, "acc_stderr": 0.015, "prompt_name": "GPT-3 style", "task_name": "boolq"}
    dated = {"boolq+GPT-3 style": {"2022-07-06-16-30-12": run, "2022-07-05-10-00-00": {**run, "acc": 0.1}}}
    for results in (dated, [run]):
        found = read({"results": results}, "toy-176b/final.json")
        assert rows(found, "model_id", "protocol", "score") == [("toy-176b", "own.gpt_3_style", 0.44)]
    assert "run more than once" in read({"results": dated}, "toy-176b/final.json").problems[0]


EEE: dict[str, Any] = {
    "schema_version": "0.3.0", "evaluation_id": "toy/1", "retrieved_timestamp": "1760000000",
    "source_metadata": {"source_type": "evaluation_run", "source_organization_name": "Example", "evaluator_relationship": "first_party"},
    "eval_library": {"name": "lm_eval", "version": "0.4.9"},
    "model_info": {"name": "Toy 7B", "id": "example-org/Toy-7B"},
    "evaluation_results": [{
        "evaluation_name": "gsm8k", "source_data": {"dataset_name": "gsm8k", "source_type": "hf_dataset", "hf_repo": "openai/gsm8k", "samples_number": 1319},
        "metric_config": {"metric_id": "exact_match", "metric_unit": "percent", "lower_is_better": False, "score_type": "continuous", "min_score": 0, "max_score": 100},
        "score_details": {"score": 37.5, "uncertainty": {"standard_error": {"value": 1.2}, "num_samples": 1000}},
    }],
}  # fmt: skip


def test_every_eval_ever() -> None:
    found = read(EEE)
    assert rows(found, "model_id", "task", "metric", "score", "stderr", "n_examples") == [
        ("toy-7b", "gsm8k", "exact_match", 0.375, 0.012, 1000)
    ]


@pytest.mark.parametrize(
    ("cut", "name"),
    [(json.dumps(LMEVAL)[:412], "lm-evaluation-harness"), (json.dumps(log())[:200], "Inspect"), (json.dumps(EEE)[:300], "Every Eval Ever")],
)  # fmt: skip
def test_a_file_that_was_cut_off_is_named(cut: str, name: str) -> None:
    (sentence,) = read(cut).problems
    assert f"this is a file of {name} that was cut off at byte {len(cut)}" in sentence


# -- tables -------------------------------------------------------------------------------------------------

TIDY = (
    "model_id,benchmark,task,metric,score,params\nown-1b,own,own,accuracy,0.25,1e9\nown-7b,own,own,accuracy,0.5,7e9\n"
)


@pytest.mark.parametrize(
    "content",
    [
        TIDY,
        TIDY.encode("utf-16"),
        b"\xef\xbb\xbf" + TIDY.encode(),
        "sep=;\n" + TIDY.replace(",", ";"),
        TIDY.replace(",", "\t"),
        TIDY.replace("\n", ",,\n"),
        TIDY.replace("model_id", "Model").replace("accuracy", "acc").replace("own-1b", "Example-Org/Own-1B"),
        TIDY.replace("7e9", "7B").replace("1e9", "1 billion"),
        TIDY.replace("params", "#Params (B)").replace("7e9", "7").replace("1e9", "1"),
        TIDY.replace(",", ";").replace("0.25", "0,25").replace("0.5", "0,50").replace("1e9", "1.000.000.000"),
        "| " + TIDY.strip().replace(",", " | ").replace("\n", " |\n|---|---|---|---|---|---|\n| ", 1).replace("\nown", " |\n| own") + " |",
        json.dumps([dict(zip(TIDY.split(maxsplit=1)[0].split(","), line.split(","), strict=True)) for line in TIDY.split()[1:]]),
        json.dumps({"model_id": ["own-1b", "own-7b"], "task": ["own", "own"], "metric": ["acc", "acc"], "score": [0.25, 0.5], "params": [1e9, 7e9]}),
        json.dumps({"model_id": {"0": "own-1b", "1": "own-7b"}, "task": {"1": "own", "0": "own"}, "metric": {"0": "acc", "1": "acc"}, "score": {"0": 0.25, "1": 0.5}, "params": {"0": 1e9, "1": 7e9}}),
        "Model,own [acc],params\nown-1b,25.0%,1e9\nown-7b,50.0%,7e9\n",
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_one_table_in_many_dresses(content: Any) -> None:
    found = read(content, "mine.csv")
    assert rows(found, "model_id", "benchmark", "task", "metric", "score") == [
        ("own-1b", "own", "own", "accuracy", 0.25),
        ("own-7b", "own", "own", "accuracy", 0.5),
    ]
    assert found.models["params"].tolist() == [1e9, 7e9]
    assert found.problems == ()


def test_latin_1_is_read_and_said() -> None:
    found = read(TIDY.replace("own-1b", "café-1b").encode("latin-1"), "mine.csv")
    assert found.scores["score"].tolist() == [0.25, 0.5]
    assert "it was read as Latin-1" in found.problems[0]


def test_a_mapping_says_what_headers_do_not() -> None:
    content = "wer;was;wie gut\nown-1b;rätsel;0,25\nown-7b;rätsel;0,5\n"
    guess = guess_columns("mine.csv", content.encode())
    assert guess is not None
    assert guess.header == ("wer", "was", "wie gut")
    assert "needed for scores" in read(content, "mine.csv").problems[0]
    reading = Reading(columns={"model_id": "wer", "task": "was", "score": "wie gut"}, constants={"metric": "accuracy"})
    found = read(content, "mine.csv", mapping={"mine.csv": reading})
    assert rows(found, "model_id", "task", "metric", "score") == [
        ("own-1b", "r_tsel", "accuracy", 0.25), ("own-7b", "r_tsel", "accuracy", 0.5),
    ]  # fmt: skip


def test_models_of_one_name_by_two_organisations_stay_apart() -> None:
    found = read("model,task,metric,score\nfirst/toy-7b,own,acc,0.2\nsecond/toy-7b,own,acc,0.4\n", "mine.csv")
    assert found.scores["model_id"].tolist() == ["first-toy-7b", "second-toy-7b"]
    assert "different models of one name" in found.problems[0]


def test_checkpoints_of_a_table_are_no_sizes() -> None:
    lines = [
        f"own-{size}b,own,own,accuracy,0.{size}{step},{size}e9,1e11,{step}e10" for size in (1, 7) for step in (2, 5, 10)
    ]
    found = read(
        "\n".join(["model_id,benchmark,task,metric,score,params,tokens,checkpoint_tokens", *lines]), "mine.csv"
    )
    assert found.scores["preferred"].tolist() == [False, False, True] * 2
    assert found.problems == ()


def test_time_is_limited() -> None:
    found = read(TIDY, "mine.csv", seconds=-1)
    assert len(found.scores) == 0
    assert "this file was not read" in found.problems[0]
