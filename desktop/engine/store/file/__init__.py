"""The database file: opening, locking, migrating and backing up."""
