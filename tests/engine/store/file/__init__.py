"""Tests of ``desktop/engine/store/file``."""
