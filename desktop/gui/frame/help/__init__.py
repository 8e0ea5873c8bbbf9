"""The sheets *Help* and *About Sendoff*, and what the menu opens beside them."""
