"""The local FastAPI backend: takes items, shows tasks, and leaves the work to the engine."""
