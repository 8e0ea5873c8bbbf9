"""What runs in the reading process: from bytes to rows, and from rows to a report.

``door`` is where it begins, ``memory`` its limit. ``source`` is the open file; ``kinds`` tells
what it is, and ``tables`` what every kind of file is to the rest: ``text`` (with ``encodings`` and
``alphabets``) or a sheet of a ``workbook`` (with ``marks``, or ``old_marks`` for ``.xls``).
``describing`` finds ``headers`` and guesses what ``columns`` become by ``header_words``; ``rows``
makes ``items`` of ``cells``; ``report`` writes the table once more.
"""
