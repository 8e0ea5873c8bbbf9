"""What there has to be before a store is opened on a database.

``unopened`` says why there is no session. ``schema`` has the tables, ``rights`` says what their
user may do, ``holder`` which process runs their tasks, and ``making`` makes and changes them.
"""
