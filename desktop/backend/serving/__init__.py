"""The server and its process: how it starts, listens, lets in, writes, logs, and shuts down."""
