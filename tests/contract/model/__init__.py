"""Tests of ``desktop/contract/model``."""
