"""The computer of a history: its disk, SQLite's way to it, and its clocks."""
