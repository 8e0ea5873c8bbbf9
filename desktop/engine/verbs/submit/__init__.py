"""How an item and its tasks get on disk: read ``prepare``, ``accept``, then what it asks."""
