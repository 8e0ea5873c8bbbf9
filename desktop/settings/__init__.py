"""Where a person's data is kept, and what they chose.

Read ``paths`` (the data folder), ``preferences`` (``settings.toml``) and ``secrets`` (the keyring).
``backend_file`` says where a backend runs, ``lock_file`` keeps a second one away, and
``database_backups`` has the copies of the database.
"""
