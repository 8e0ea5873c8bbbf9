"""Tests of ``sendoff_tasks.worker``: attempts that run in another process, on PostgreSQL."""
