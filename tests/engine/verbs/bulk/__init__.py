"""Tests of what a caller can have done to tasks."""
