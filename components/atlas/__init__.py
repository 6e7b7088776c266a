"""All abilities at a glance: the boards."""
