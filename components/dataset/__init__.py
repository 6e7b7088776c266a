"""The dataset as a page, and what readers bring."""
