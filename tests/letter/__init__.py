"""The letter as it arrives: read by others' parsers, judged by ``caniemail``, shown by Chromium."""
