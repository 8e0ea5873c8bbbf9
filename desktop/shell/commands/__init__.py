"""The shell's commands, one in each module."""
