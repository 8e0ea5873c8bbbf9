"""What there has to be before a store is opened on a database.

``unopened`` says why there is no session, ``schema`` has the tables, and ``making`` makes them.
"""
