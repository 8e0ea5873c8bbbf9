"""Sheets over the window: their frame, two halves, a question, and kept drafts."""
