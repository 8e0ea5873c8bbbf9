"""Tests of ``desktop/engine/queues``."""
