"""What a person's actions do: the widgets' signals meet the jobs that carry them out.

``actions`` joins the parts. ``backend`` is what comes and goes with the backend, ``notifications``
how a person hears of it. ``form`` is behind the form, ``tasks`` behind the table and the detail,
``lists`` behind what is done with a whole list, ``spreadsheets`` behind imports, ``batches`` behind
what was sent of them, ``templates`` behind their editor, ``mail_setup`` behind the mail settings.
``unfinished`` offers what the last window left open, ``source_folders`` knows where spreadsheets
came from. The others are behind one sheet each.
"""
