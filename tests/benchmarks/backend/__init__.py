"""Benchmarks of the backend under its callers' load."""
