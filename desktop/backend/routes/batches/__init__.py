"""Batches over HTTP: the batch, its spreadsheet and files, its rows."""
