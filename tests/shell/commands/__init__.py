"""Tests of ``desktop/shell/commands``."""
