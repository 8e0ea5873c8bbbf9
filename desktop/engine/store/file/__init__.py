"""The database file: opened, locked, read, migrated and backed up."""
