"""The data folder: its paths, lock, own files, backups, addresses and tokens."""
