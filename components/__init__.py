"""What pages are made of, a folder a feature; `core`, `frame` and `figures` hold what all of them share.

Only `frame` and the modules that say page in their name import Streamlit; everything else is plain functions that a
notebook or a test can call.
"""
