"""Tests of ``desktop/gui/tasks``."""
