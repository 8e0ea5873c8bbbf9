"""Writes spreadsheets, in the child process.

- ``report``: a spreadsheet with added columns, and new tables
- ``writers``: text files and workbooks
"""
