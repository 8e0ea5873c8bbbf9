"""The engine on one SQLite file: what differs from store to store, below the rules.

``group`` is a transaction there, ``ground`` what else the writer asks of its store; ``pages`` makes
the file smaller, ``opening`` joins and closes the parts.
"""
