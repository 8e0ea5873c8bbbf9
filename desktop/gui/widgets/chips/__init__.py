"""Chips: each stands for something that can be shown; a row shows as many as there is room for."""
