"""Basic widgets that the larger ones are made of, and the sheets over the window."""
