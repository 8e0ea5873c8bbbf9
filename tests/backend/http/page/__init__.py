"""Tests of the page of the tasks."""
