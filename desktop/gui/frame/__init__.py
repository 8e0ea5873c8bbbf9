"""The window around it all: top bar, views, keys, notices, status strip, tray, closing."""
