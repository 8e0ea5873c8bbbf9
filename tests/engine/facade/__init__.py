"""Tests of ``desktop/library/sendoff_tasks/facade``."""
