"""Figures: pure functions from results to Plotly figures. One figure a file, built from shared parts."""
