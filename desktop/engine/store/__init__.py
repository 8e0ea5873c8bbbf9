"""The database: ``tables`` (tables and statements), ``reads``, and the ``file`` itself."""
