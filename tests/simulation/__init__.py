"""Deterministic simulation: the shipped engine on a disk, a clock and lanes that chance owns."""
