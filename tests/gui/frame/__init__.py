"""Tests of ``desktop/gui/frame``."""
