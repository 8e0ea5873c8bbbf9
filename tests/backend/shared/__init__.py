"""Tests of ``desktop/backend/shared``."""
