"""Tests of ``desktop/backend/guards``."""
