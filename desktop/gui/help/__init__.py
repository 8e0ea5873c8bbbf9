"""Help and *About*: ``help_pages`` says what there is to read, the two sheets show it."""
