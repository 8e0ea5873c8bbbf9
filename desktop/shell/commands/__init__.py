"""The shell's commands, one a file; each talks to the running backend."""
