"""The backend: its guards, its routes on a real engine, its life as a process."""
