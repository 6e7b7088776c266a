"""What several figures share: theme, scales, curves, strip, hover texts, cards."""
