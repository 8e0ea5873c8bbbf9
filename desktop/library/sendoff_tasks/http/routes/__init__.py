"""The routes of tasks, one file for each part of the API."""
