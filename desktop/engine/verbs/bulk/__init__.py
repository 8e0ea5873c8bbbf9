"""One verb for many tasks. Read ``choosing``, then ``bulk``, then ``pending``."""
