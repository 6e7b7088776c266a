"""One ability in depth: the series on an axis, their answers, sentences, figure and tables."""
