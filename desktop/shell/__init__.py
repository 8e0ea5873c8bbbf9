"""The shell's commands: the form and the monitor without a window."""
