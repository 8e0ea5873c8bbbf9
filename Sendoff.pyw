"""Double-click on Windows: opens Sendoff, and says in a small box what is missing if it cannot."""

import contextlib
import ctypes
import io
import sys

import launch

spoken = io.StringIO()
with contextlib.redirect_stderr(spoken):
    code = launch.main(sys.argv[1:])
missing = spoken.getvalue().replace(launch.PREPARING, "").strip()
if code and missing:
    ctypes.windll.user32.MessageBoxW(None, missing, "Sendoff", 0x10)
sys.exit(code)
