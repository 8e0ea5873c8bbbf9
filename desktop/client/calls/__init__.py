"""What the backend can be asked, by noun; ``api`` puts them together."""
