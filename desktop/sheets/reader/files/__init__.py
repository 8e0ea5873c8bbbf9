"""Reads files as tables of cells.

- ``source``: the open file and its kind
- ``text``, ``encodings``: text files
- ``workbook``: sheets of workbooks; ``xml_cells``, ``biff_cells``: what calamine leaves out of
  them, such as hidden rows and number formats
- ``package``: the parts of workbooks
- ``cells``, ``number_formats``: the values, as text and as times, and as a sheet shows them
"""
