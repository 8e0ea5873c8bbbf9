"""The parts of lists and tables of rows: view, models, delegate, column widths, empty state."""
