"""The rows of a batch: their list, their checks, and those without a message."""
