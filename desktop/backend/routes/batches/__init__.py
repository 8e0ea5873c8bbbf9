"""The routes of batches: the batch, its spreadsheet and files, and its rows."""
