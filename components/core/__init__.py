"""What every page is made of and nothing is drawn with: state and address, language, numbers, names, citation, export."""
