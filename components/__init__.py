"""What pages are made of: state and its URL, words, figures, tables, and the page shell.

Only :mod:`components.page` imports Streamlit; everything else is plain functions that a notebook or a test can call.
"""
