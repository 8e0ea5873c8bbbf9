"""The functions that the engine runs: the program's own, and the user's."""
