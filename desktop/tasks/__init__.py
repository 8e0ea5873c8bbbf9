"""The functions the engine runs: those that come with the program, and the person's own."""
