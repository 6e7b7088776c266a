"""The definitions and formulas behind every word."""
