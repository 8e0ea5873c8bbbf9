"""The database: ``tables`` and their statements, ``reads``, the ``file``, and what can be wrong."""
