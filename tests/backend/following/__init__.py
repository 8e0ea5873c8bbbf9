"""Tests of ``desktop/backend/following``."""
