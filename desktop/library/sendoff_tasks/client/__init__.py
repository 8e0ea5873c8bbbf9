"""Blocking calls of the API of tasks, its event stream, and whether it is there."""
