"""Batches for the routes: drafts, the checks of their rows, and the templates of rows."""
