"""Loss as the lens."""
