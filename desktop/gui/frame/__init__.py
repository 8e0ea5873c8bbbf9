"""The window around it all: bars, notices, toasts, tray, closing."""
