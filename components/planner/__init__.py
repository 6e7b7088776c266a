"""The least scale for a set of abilities."""
