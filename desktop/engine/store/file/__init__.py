"""The database file: opening, locking and backing up."""
