"""What a history plays on: the program, its tasks, and all that is remembered of its people."""
