"""Tests of the window's view of the backend."""
