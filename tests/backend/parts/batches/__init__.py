"""Tests of ``desktop/backend/parts/batches``."""
