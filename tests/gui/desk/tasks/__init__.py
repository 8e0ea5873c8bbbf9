"""Tests of ``desktop/gui/desk/tasks``."""
