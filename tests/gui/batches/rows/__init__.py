"""Tests of the rows of a batch."""
