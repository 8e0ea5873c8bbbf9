"""The engine on a PostgreSQL database; one process at a time runs its tasks, any may add some.

``translation`` turns SQLite's statements into PostgreSQL's. ``database`` has the tables, and says
what is wrong with a database. ``cursor`` runs statements, ``pipeline`` sends them without waiting,
and ``connection`` is a session and translates errors. ``writer_store`` is the store that the writer
uses, with its transactions. ``handed_rows`` accepts the rows that other sessions have written for
the writer, and ``orders`` are the attempts that workers run. ``opening`` joins the parts, reads
beside the writer, and closes them; ``inspection`` only reads. ``files`` are what mail needs besides
tasks, also those of a folder, once; ``file_store`` keeps them. ``moving`` brings in a folder with
its tasks.
"""
