"""How an item and its tasks get on disk: read ``prepare``, then ``accept``."""
