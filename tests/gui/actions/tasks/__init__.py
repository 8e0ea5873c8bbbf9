"""Tests of ``desktop/gui/actions/tasks``."""
