"""The mail settings, and a mail as its reader sees it."""
