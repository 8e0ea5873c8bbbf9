"""Where a person's data is kept, and what they chose."""
