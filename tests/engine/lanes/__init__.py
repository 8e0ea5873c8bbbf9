"""Tests of where attempts run."""
