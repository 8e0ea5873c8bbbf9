"""Sendoff: durable background tasks, with a window that shows each of them."""

__version__ = "0.1.0"
