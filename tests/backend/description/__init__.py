"""Tests of ``desktop/backend/description``."""
