"""The campaigns of the real window: it and its backend are killed while a person works in it."""
