"""Tests of ``desktop/backend/shared/batches``."""
