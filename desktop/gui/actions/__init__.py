"""What a person's actions do: connects the widgets' signals with the jobs that carry them out.

``actions`` joins the parts. ``backend`` is the connection to the backend, ``notifications`` the
news for the person. ``form`` is behind the form, ``tasks`` behind the table and the detail,
``lists`` behind actions on a whole list, ``spreadsheets`` behind imports, ``batches`` behind the
view of batches, ``templates`` behind the template editor, ``mail_setup`` behind the mail settings,
``scheduling`` behind the sheet of schedules, ``help_sheets`` behind the help and the menu.

``grace_period`` knows how long an action can be undone and offers *Undo* for new tasks;
``undo_words`` has the texts for what was just sent. ``typed_drafts`` keeps on disk what is typed
and not saved, ``unfinished`` offers it in the next window. ``source_folders``
knows where spreadsheets came from.
"""
