"""The statements and the records of the domain; its tables are in ``engine.store.tables``."""
