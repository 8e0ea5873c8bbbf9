"""The words about tasks: one table, which the window, the shell and the API read.

``table`` reads files of words and says their rows: ``tasks.toml``, ``engine.toml`` (the engine, its
functions, processes and API), ``store.toml``, ``shell.toml`` and ``page.toml``. ``reasons`` says
why a task is in its state, what its cause is, and why a call was refused.
"""
