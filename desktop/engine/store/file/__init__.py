"""The database file: opened, locked, read, migrated, backed up, and what can be wrong with it."""
