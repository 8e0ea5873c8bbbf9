"""What a database needs before a store is opened on it.

``unopened`` says why there is no session. ``schema`` has the tables, ``rights`` says what the user
may do with them, and ``holder`` says which process runs the tasks.
"""
