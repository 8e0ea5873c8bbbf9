"""The pictures of the window: ``python -m tests.screenshots`` makes them from the real program."""
