"""Tests of ``desktop/gui/tasks/words``."""
