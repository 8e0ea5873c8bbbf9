"""The item form: what a kind of item asks for, the form, the preview of its message."""
