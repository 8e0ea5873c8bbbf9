"""The engine's tables and every line of SQL."""
