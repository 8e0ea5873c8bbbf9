"""The options of the shell's commands; each command's module is imported when it runs."""
