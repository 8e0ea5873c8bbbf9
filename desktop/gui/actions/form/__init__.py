"""Behind the form: ``form_items`` keeps what is typed, ``submissions`` sends it."""
