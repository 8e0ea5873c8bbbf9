"""One verb for many tasks. Read ``choosing``, ``deeds``, ``following``, then ``bulk``."""
