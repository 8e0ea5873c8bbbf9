"""Tests of the sheet of schedules."""
