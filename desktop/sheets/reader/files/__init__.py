"""Files as tables of cells.

``source`` is the open file and ``kinds`` tells what it is; ``tables`` is what every kind of file is
to the rest: ``text`` (with ``encodings``) or a sheet of a ``workbook`` (with
``marks``, or ``old_marks`` for ``.xls``). ``cells`` are its values.
"""
