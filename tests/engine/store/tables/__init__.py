"""Tests of ``desktop/engine/store/tables``."""
