"""The sheets *Help* and *About Sendoff*."""
