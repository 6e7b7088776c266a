"""The project's own measurements against peers and floors: `python -m benchmarks`."""
