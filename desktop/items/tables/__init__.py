"""The tables of the domain in ``schema``, the records of their rows, and the statements."""
