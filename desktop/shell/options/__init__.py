"""The options of the shell's commands; a command is imported when it is run."""
