"""One verb for many tasks. Read ``choosing``, ``starting``, then ``bulk``."""
