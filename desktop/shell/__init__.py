"""The form and the monitor from a shell: each command talks to the running backend."""
