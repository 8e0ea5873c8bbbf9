"""What lists and tables of rows are made of: their model, their look, their empty state."""
