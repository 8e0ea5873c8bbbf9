"""The window's connection to its backend.

``connection`` is the client and the event stream, ``trying_now`` the retry of waiting queues,
``repair`` the way out of a damaged database, ``opening`` the way to a server.
"""
