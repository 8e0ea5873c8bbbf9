"""The engine on a PostgreSQL database; one process at a time runs its tasks, any may add some.

``translation`` has the statements as PostgreSQL has them, ``database`` the tables and what is wrong
with a database. ``cursor`` runs statements, ``connection`` is a session and translates errors.
``writer_store`` is what the writer asks of its store, with its transactions. ``handed_rows`` takes
what other sessions have written for it. ``opening`` joins the parts, reads beside the writer, and
closes them; ``inspection`` only looks. ``files`` are what mail needs besides tasks, in
``file_store``, and ``file_import`` takes those of a folder there. ``relayed`` are requests on their
way from one backend to another.
"""
