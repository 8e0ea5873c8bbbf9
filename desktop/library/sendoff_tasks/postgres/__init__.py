"""The engine on a PostgreSQL database; one process at a time runs its tasks, any may add some.

``schema`` has the tables, ``translation`` turns SQLite's statements into PostgreSQL's, ``cursor``
sends them, and ``connection`` is a session and translates errors. ``writer_store`` is the store
that the writer uses, with its transactions and its lock; ``mark`` is what is known of these, should
the server go back in time. ``handed_rows`` accepts the rows that other sessions have written for
the writer, and ``orders`` are the attempts that workers run. ``opening`` joins the parts, says
which rights the user lacks, reads beside the writer, and describes a database to a person.
``files`` are what a program keeps besides tasks. ``moving`` brings in a folder with its tasks.
"""
