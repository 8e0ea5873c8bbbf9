"""A sheet over the window: its frame, two halves, a question, and typing that is kept."""
