"""The parts of lists and tables of rows: models, delegate, column widths, empty state."""
