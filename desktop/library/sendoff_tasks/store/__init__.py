"""The database: ``tables`` and statements, and ``reads``.

``database`` opens the file, ``mark`` knows an older copy of it, and ``backup`` copies it.
``reader_pool`` lends connections that read, and ``errors`` are those of any store.
"""
