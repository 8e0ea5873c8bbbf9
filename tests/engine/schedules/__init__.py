"""Tasks that run by themselves at certain times."""
