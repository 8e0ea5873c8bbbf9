"""Tests of ``desktop/library/sendoff_tasks/store/reads``."""
