"""What a page stands in: shell, controls, charts, sharing. With the page modules the only users of Streamlit."""
