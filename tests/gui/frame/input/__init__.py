"""Tests of ``desktop/gui/frame/notices``."""
