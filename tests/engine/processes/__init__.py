"""Tests of several processes on one data folder."""
