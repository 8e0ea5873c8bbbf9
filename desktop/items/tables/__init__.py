"""The statements of the domain; its tables are in ``engine.store.tables``."""
