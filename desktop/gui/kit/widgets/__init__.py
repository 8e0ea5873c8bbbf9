"""Basic widgets that the larger ones are made of, and the dialogs over the window."""
