"""Tests of ``desktop/engine/writer``."""
