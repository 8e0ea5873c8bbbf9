"""Tests of ``desktop/library/sendoff_tasks/events``."""
