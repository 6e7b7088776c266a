"""What is wrong with data, or was understood in a way that its author should know: a code and values.

The sentence of each code stands here once, in English; components say it in the reader's language by the same code.
A value of a finding may be a finding itself (the reason within a sentence).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEMPLATES = {
    # where something is wrong: {reason} is one of the next block
    "cell": "{file}, row {row}, column {column}: '{value}' {reason}",
    "field": "{file}, column {column}: '{value}' {reason}",
    "file": "{file}: {reason}",
    # what is wrong with a cell
    "missing_column": "is missing in the header",
    "blank": "must not be blank",
    "among": "must be one of {values}",
    "blank_or_among": "must be blank or one of {values}",
    "finite": "must be a finite number",
    "above_zero": "must be above 0",
    "between": "must be a number between {low} and {high}, or blank",
    "count": "must be a count of at least 1, or blank",
    "not_negative": "must be a number of at least 0, or blank",
    "token_count": "must be a count of tokens, or blank",
    "size": "must be a number of parameters between {low} and {high}, or blank",
    "tokens": "must be a number of tokens between {low} and {high}, or blank",
    "flops": "must be a number of FLOPs between {low} and {high}, or blank",
    "date": "must be YYYY-MM or YYYY-MM-DD, or blank",
    "model_id": "must be a model id: lower case letters, digits, '-' and '.'",
    "slug": "must be a lower_snake slug",
    "family": "must be a family slug",
    "shots": "must be a number of shots, 'few', or blank if not stated",
    "protocol": "must be the source key, or the source key, a dot and a variant",
    "source_key": "must be a source key: author, year, word",
    "source_key_or_blank": "must be a source key, or blank",
    "no_metric": "is no metric of the dataset (data/README.md lists them)",
    "repeats_key": "repeats the key of {place} ({key})",
    "contradicts": "contradicts '{other}' of {place}, which is kept",
    "other_unit": "the unit of {metric} is {unit}",
    "fraction": "a fraction must lie between {low} and 1",
    "fraction_percent": "a fraction must lie between {low} and 1 (a percentage? divide it by 100)",
    "points": "points must lie between 0 and 100",
    "exceeds_one": "of a fraction must not exceed 1 (a percentage? divide it by 100)",
    # a file that cannot be read
    "too_big": "has {size} MB; the limit is {limit} MB",
    "kind": "is {kind}; please save the table as CSV in UTF-8",
    "workbook": (
        "is an Excel workbook, which is not opened here; in Excel, choose File, Save as, CSV UTF-8 (comma delimited)"
    ),
    "archive": "is a zip archive; only .eval logs of Inspect are opened, so please add the files in it one by one",
    "inflates": "holds a header that unpacks to more than {limit} MB and is not opened",
    "broken_archive": "is a zip archive or spreadsheet that cannot be opened ({reason})",
    "nul": "holds NUL bytes, so it is no text; please save the table as CSV in UTF-8",
    "not_utf8": "is not UTF-8 (row {row}, byte {place}); please save the table as CSV in UTF-8",
    "empty": "is empty",
    "header_only": "has a header and no rows",
    "too_many_rows": "has more than {limit} rows",
    "bad_csv": "cannot be read as CSV at line {line} ({reason})",
    "bad_json": "begins like JSON but cannot be read as such ({reason})",
    "cut_off": "this is a file of {format} that was cut off at byte {byte}",
    "broken_format": "this looks like a file of {format}, but is no JSON from byte {byte} on (line {line})",
    "json_shape": "is JSON, but not a list of objects with one row each, and no format that is known here",
    "too_many_columns": "has {count} columns; the limit is {limit}",
    "column_twice": "names the column '{column}' twice",
    "cells": "row {row} has {cells} cells where the header has {columns}",
    "long_cell": "row {row}, column {column} holds {count} characters; the limit is {limit}",
    "header": "the header has no {columns} (needed for scores: {needed})",
    "no_model": "this is a file of {format} that names no model; put it into a folder named after the model",
    "no_scores": "this is a file of {format} that holds no scores",
    "samples": "holds single answers of {format}, not scores; the file with the results is needed",
    "companion": "belongs to a run of {format} and holds no scores",
    "no_run_spec": "this is a stats.json of HELM; the run_spec.json of the same run is needed to know model and task",
    "failed_run": "this log of Inspect says '{status}': the run did not end well, so its scores are not read",
    "unreadable": "cannot be read ({reason})",
    # whole uploads
    "too_many_files": "{file}: more than {limit} files at once; this one was not read",
    "too_many_rows_in_all": "{file}: more than {limit} rows in all; this file was not read",
    "too_slow": "{file}: reading took more than {limit} seconds; this file was not read",
    "more": "… and {count} more problems like these",
    "no_place": "{model} is not in the dataset and no sizes were given: it has no place on any axis",
    "published": (
        "{model} is a published model and keeps its published figures: {figures} of {place} not used (give your own "
        "model another id)"
    ),
    # kinds of files
    "parquet": "a Parquet file",
    "gzip": "a gzip archive",
    "pickle": "a pickle",
    "pdf": "a PDF",
    # remarks: read, but in a way that its author should know
    "latin1": "{file}: is not UTF-8 (row {row}, byte {place}); it was read as Latin-1",
    "key_twice": "{file}: '{key}' stands twice in one object ({where}); neither value was read",
    "percent_column": (
        "{file}: the scores {first} to {last} of {column} were read as percentages, all {count} of them "
        "({first} is {fraction}); if they are fractions, give each row the unit fraction"
    ),
    "percent_format": "{file}: {format} writes shares from 0 to 100; {example} was read as {fraction}",
    "percent_small": (
        "{file}: the unit is percent, but no score of {column} is above 1: {example} was read as {fraction}"
    ),
    "chance_kept": "{file}: the chance level {value} was read as a fraction although the scores are percentages",
    "raw_below_one": (
        "{file}: no score of {metric} is above 1, and it is counted from 0 to 100: {example} was read as {example} "
        "points; if it is a fraction, multiply by 100"
    ),
    "impossible_error": (
        "{place}: the standard error {value} is larger than any share can have ({most}; percentage points?), so it "
        "was not read"
    ),
    "size_of_name": "{model}: no size was given; {size} parameters were taken from its name",
    "size_unit": (
        "{place}: {value} parameters do not fit the name {model}, which says {size}; the number was not read (is it "
        "in thousands, millions or billions?)"
    ),
    "size_differs": "{place}: {value} parameters were read, but the name {model} says {size}",
    "size_zero": "{place}: a size of 0 was read as unknown",
    "averages": "{file}: averages over tasks are no ability of their own and were not read ({columns})",
    "columns_not_read": "{file}: columns that were not understood and not read: {columns}",
    "columns_as_tasks": "{file}: the columns {columns} were read as abilities, scored by {metric} (no metric is named)",
    "task_of_file": "{file}: no task is named; the scores stand under '{task}', after the file",
    "metric_assumed": "{file}: no metric is named; the scores were read as {metric}",
    "metrics_not_read": "{file}: {count} values of metrics that the dataset does not have were not read: {metrics}",
    "direction": "{place}: the file says that {better} values of {metric} are better, the dataset says otherwise",
    "limited": "{place}: only a part of the items was scored; how many is not stated, so {count} were assumed",
    "limited_unknown": "{place}: only a part of the items was scored, and how many is not stated; not read",
    "checkpoint": (
        "{file}: {checkpoint} of {model} is an intermediate checkpoint: it stands on the training view, on no curve "
        "over sizes"
    ),
    "checkpoint_tokens": (
        "{file}: {checkpoint} of {model} is an intermediate checkpoint of an unknown number of tokens: its scores are "
        "kept apart and drawn nowhere; give checkpoint_tokens to see them through training"
    ),
    "later_run": "{file}: {task} was run more than once; the latest run ({date}) was read",
    "same_name": "{first} and {second} are different models of one name; they stand as {first_id} and {second_id}",
    "adapter": "{file}: the model was run with the adapter {adapter}, which is part of its name here",
}
REMARKS = frozenset(list(TEMPLATES)[list(TEMPLATES).index("latin1") :])


@dataclass(frozen=True)
class Finding:
    """A code of `TEMPLATES` with the values of its sentence."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def remark(self) -> bool:
        """Whether what it speaks of was read (and should be checked), rather than left out."""
        return self.code in REMARKS

    def __str__(self) -> str:
        """The sentence, in English."""
        return TEMPLATES[self.code].format(**self.values)


def finding(code: str, **values: Any) -> Finding:
    """A finding by its code."""
    return Finding(code, values)
