"""Reads spreadsheets, in the child process.

- ``files``: text files and workbooks as tables of cells
- ``tables``: the interface of a table; the table of a batch is found again
- ``headers``, ``describing``: the header, and what each column becomes
- ``addresses``: reads the addresses of a list of people
- ``rows``: reads the rows as items
"""
