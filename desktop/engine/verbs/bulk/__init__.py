"""One verb for many tasks. Read ``choosing``, ``following``, then ``bulk``."""
