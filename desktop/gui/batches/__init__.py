"""Spreadsheets that are sent together: their words, and lists that are read page by page."""
