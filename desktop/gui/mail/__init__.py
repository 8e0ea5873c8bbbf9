"""The mail settings, what is saved and tried there, and the end of practice mode."""
