"""What draws on the screen: the shell, widgets, figures in place, and the bodies of the pages. Uses Streamlit."""
