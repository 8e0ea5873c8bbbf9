"""Tests of ``desktop/contract/rules``."""
