"""How tasks get on disk: read ``prepare``, ``accept``, then the modules it uses."""
