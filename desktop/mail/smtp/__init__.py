"""SMTP: ``smtp`` is the pool, ``connection`` one connection, ``opening`` its start, ``replies``."""
