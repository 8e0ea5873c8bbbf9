"""Tests of ``desktop/backend/serving``."""
