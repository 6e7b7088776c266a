"""A page of stock Streamlit with every widget that the site uses, and nothing of our own: the control for axe."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

st.set_page_config(page_title="Stock widgets", layout="wide")
with st.sidebar:
    st.markdown("Navigation")
    st.segmented_control("Language", ["en", "ko"], default="en", required=True)
st.title("Stock widgets", anchor=False)
st.header("Section", anchor=False)
st.selectbox("One of them", ["a", "b"], help="Explained")
st.multiselect("Some of them", ["a", "b"], default=["a"])
st.slider("A number", 0, 6)
st.select_slider("A stop", [1, 2, 3])
st.toggle("A switch")
st.text_input("Words")
st.plotly_chart(go.Figure(go.Scatter(x=[1, 2], y=[1, 2])), theme=None, alt="A line from 1 to 2")
st.dataframe(pd.DataFrame({"a": [1]}), alt="One number")
st.download_button("Save", "x", help="Explained")
st.file_uploader("A file (.toml)", type=["toml"])
with st.popover("Menu"):
    st.code("text", language=None)
with st.expander("More"):
    st.markdown("Inside")
for tab in st.tabs(["First", "Second"]):
    tab.write("Text")
