"""Sendoff: items in, durable background tasks out, every one of them in sight."""

__version__ = "0.1.0"
