"""Reads and writes spreadsheets in a child process.

- ``calls``: the functions to call
- ``child``: the child process and its messages. A damaged or huge file cannot slow down, fill or
  crash the parent.
- ``description``, ``faults``: the results and the errors
- ``process``: the main function of the child process; ``calls`` imports none of its code
- ``separated``: cells between separators and in quotation marks
- ``reader``: reads the rows of a table; ``writer``: writes tables
"""
