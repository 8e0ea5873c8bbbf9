"""The window: widgets, and what a person's actions do."""
