"""The database: ``tables`` and statements, ``reads``, the ``file``, and the ``errors``."""
