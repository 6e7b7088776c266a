"""Parameters against tokens."""
