"""*Help* and *About Sendoff…*, two sheets."""
