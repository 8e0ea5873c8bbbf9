"""The server itself: how it listens, writes, logs, and leaves."""
