"""What is done with a whole list: searched, kept as a view, exported, its addresses copied."""
