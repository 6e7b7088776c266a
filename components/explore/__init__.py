"""The page of one ability."""
