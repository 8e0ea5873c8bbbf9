"""What a person's actions do: connects the widgets' signals with the jobs that carry them out.

``actions`` joins the parts. ``backend`` is the connection to the backend, ``notifications`` the
news for the person. ``form`` is behind the form, ``tasks`` behind the table and the detail,
``lists`` behind actions on a whole list, ``spreadsheets`` behind imports, ``batches`` behind the
view of batches, ``templates`` behind the template editor, ``mail_setup`` and ``practice`` behind
the mail settings. ``unfinished`` and its namesakes offer what the last window left open,
``source_folders`` knows where spreadsheets came from, ``undo_words`` has the texts for what was
just sent. Each other module is behind one sheet.
"""
