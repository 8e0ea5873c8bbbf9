"""The correction of items: an address, a name, a title or a field, and when it goes out."""
