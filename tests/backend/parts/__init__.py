"""Tests of ``desktop/backend/parts``."""
