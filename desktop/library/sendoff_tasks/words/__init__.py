"""The words about tasks: one table, which the window, the shell and the API read.

``table`` reads a file of words, such as ``tasks.toml``, and says its rows. ``reasons`` says why a
task is in its state, and what its cause is.
"""
