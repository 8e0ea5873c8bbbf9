"""What the whole window says alike: times, numbers, and what is wrong with an address."""
