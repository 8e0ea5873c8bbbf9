"""Batches behind the routes: drafts, their rows checked, and the templates of rows."""
