"""The window's only view of the backend: its process, API, events, and what waits for it."""
