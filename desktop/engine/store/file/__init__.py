"""The database file: opened, locked, migrated, backed up, and what can be wrong with it."""
