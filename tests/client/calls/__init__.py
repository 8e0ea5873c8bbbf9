"""Tests of ``desktop/client/calls``."""
