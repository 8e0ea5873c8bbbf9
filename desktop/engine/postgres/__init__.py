"""The engine on a PostgreSQL database; one process at a time runs its tasks.

``texts`` are the statements as PostgreSQL has them, ``schema`` the tables, ``connection`` runs
statements, ``group`` is a transaction, ``ground`` what else the writer asks of its store,
``reader`` reads beside it, ``refusals`` translates errors, ``opening`` joins and closes the parts.
"""
