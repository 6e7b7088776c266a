"""Families: models of one recipe and one tuning that differ in size only.

The family of a model is its id without the size ('pythia-410m-deduped' -> 'pythia-deduped'), which keeps base,
chat, deduplicated, v0 and v1 models apart by itself. `EXPLICIT` holds the exceptions, each for a reason.
"""

from __future__ import annotations

import re

SIZE = re.compile(r"(?:^|-)(?:\d+x)?\d+(?:\.\d+)?[mb]\d?(?=-|$)")
EXPLICIT = (
    (r"t5-(small-60m|base-220m|large-770m|3b|11b)$", "t5"),  # labels of the GPT-3 paper
    (r"t5-(small-80m|base-250m|large-780m|xl-3b|xxl-11b)$", "t5-lm-adapted"),  # labels of the Flan paper
    (r"flan-t5-(small|base|large|xl|xxl).*", "flan-t5"),
    (r"t5-(small|base|large)$", "t5-unsized"),
    (r"(gpt-2|gpt-3|unifiedqa|minerva)(-unsized)?", r"\g<1>-unsized"),  # no size printed
    (r"bert-(base|large)$", "bert"),
    (r"roberta(-base|-large)?$", "roberta"),
    (r"gpt-3-(small|medium|large)-hendrycks", "gpt-3-hendrycks"),  # not Brown et al.'s Small, Medium, Large
    (r"gpt-3-(ada|babbage|curie|davinci)$", "gpt-3-api"),  # sizes never published
    (r"text-(ada|babbage|curie|davinci)-001", "gpt-3-instruct-api"),  # presumed sizes
    (r"(text|code)-davinci-00[23]|code-cushman.*", r"\g<0>"),
    (r"qwen2-57b-a14b(-instruct)?", r"qwen2-moe\g<1>"),
    (r"gadre-(c4|rpj|rw)-.*-([\d.]+)$", r"open-lm-\g<1>-x\g<2>"),  # one token multiplier per family
    (r"olmo-ladder-.*b-([\d.]+xc(?:-rerun)?)$|olmo-ladder-.*m-([\d.]+xc(?:-rerun)?)$", r"olmo-ladder-\g<1>\g<2>"),
    (r"glam-moe-.*", "glam-moe"),
    (r"glam-dense-.*", "glam-dense"),
    (r"palm-2-(s|m|l)$", "palm-2"),
    (r"palm-62b-cont", "palm-cont"),  # trained on more tokens than the three sizes
    (r"lamda-137b-ft-quality-safety", "lamda-ft-quality-safety"),
    (r"(bloom-tr11|rwkv-4)-.*", r"\g<1>"),
    (r"bigscience-1.3b-(.*)", r"bigscience-\g<1>"),
    (r"mixtral-.*-instruct-.*", "mixtral-instruct"),
    (r"mixtral-.*", "mixtral"),
    (r"(qwen1.5-moe)-a2.7b", r"\g<1>"),
    (r"qwen3-.*b-a.*b-base", "qwen3-moe-base"),
    (r"llama-4-(scout|maverick)-base", "llama-4-base"),
    (r"gpt3-finnish-(small|large)", "gpt3-finnish"),  # no size printed
    (r"phi-2-2.7b", "phi-2"),
    (r"open-llama-(3b|7b)-v2", "open-llama-v2"),
)


def family(model_id: str) -> str:
    """The family slug of a model id."""
    for pattern, replacement in EXPLICIT:
        found = re.fullmatch(pattern, model_id)
        if found:
            for number, text in enumerate([found[0], *found.groups()]):
                replacement = replacement.replace(f"\\g<{number}>", text or "")  # noqa: PLW2901  # a template
            return replacement
    return SIZE.sub("", model_id).strip("-") or model_id
