"""Tests of ``desktop/backend/wire``."""
