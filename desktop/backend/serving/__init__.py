"""The server and its process: how it starts, listens, writes, logs, and leaves."""
