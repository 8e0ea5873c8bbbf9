"""Tests of ``desktop/backend/routes/batches``."""
