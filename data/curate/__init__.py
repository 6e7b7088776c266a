"""One-off harmonisation of the collected raw tables into the curated CSV files of ``data/``.

The curated CSV files are the source of truth; this package documents how they came to be: every rule that
renames, converts, splits, merges or leaves out a row, and every declared correction with its reason and the
value it expects. It runs only where the raw tables lie beside the repository (``../shared/sources``)::

    python -m data.curate

Texts written by hand (titles, descriptions, keywords of tasks; names of families; caveats; metrics) live only in
the curated CSV files and are never overwritten.
"""
