"""The routes of tasks."""
