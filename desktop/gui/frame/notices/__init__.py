"""Notices to the person: slim bars above the table, and toasts."""
