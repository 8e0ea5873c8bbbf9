"""Tests of what runs in the reading process, in this one."""
