"""What a database needs before a store is opened on it.

``unopened`` says why there is no session. ``schema`` has the tables, ``rights`` says what the user
may do with them, ``holder`` says which process runs the tasks, and ``making`` creates and upgrades
the tables. ``numbers`` are the task numbers that a process reserves.
"""
