"""The wire of the monitor."""
