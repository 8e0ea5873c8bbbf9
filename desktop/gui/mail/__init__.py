"""The mail settings, and a message as its reader sees it."""
