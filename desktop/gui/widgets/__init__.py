"""Basic widgets that the larger ones are made of."""
