"""What stands behind the form: ``form_items`` what is typed, ``submissions`` what is sent."""
