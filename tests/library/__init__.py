"""Tests of ``desktop/library``."""
