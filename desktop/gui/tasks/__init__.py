"""Tasks: their list, the detail of one, the search, and the actions on them.

Read ``tasks_page``, the view, and ``room``, which joins what is done there. ``table`` is the list
with its model, ``detail`` the pane below it, and ``acting`` what can be done to the selected tasks.
The list is narrowed by ``filters``, which ``state_chips`` offer, ``search_field``, and
``search_menu``.
"""
