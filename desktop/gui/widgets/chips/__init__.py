"""Chips, small buttons that each choose a part of a list, and a row that shows those that fit."""
