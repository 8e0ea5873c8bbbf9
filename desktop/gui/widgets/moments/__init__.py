"""Fields for a day and a time: reading and writing them as text, a line edit, an optional field."""
