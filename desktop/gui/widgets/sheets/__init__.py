"""Sheets over the window: their frame, two halves, and a question."""
