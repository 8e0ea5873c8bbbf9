"""Messages over HTTPS."""
