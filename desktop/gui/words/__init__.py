"""Texts that the whole window shares: times, numbers, rates, and faults of addresses."""
