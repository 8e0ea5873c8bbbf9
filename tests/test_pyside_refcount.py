"""Guards against a PySide6 that loses references to ``None``: the program aborts in the end.

PySide6 6.12.0 does under CPython 3.11, once a call: after about 5,200 calls ``none_dealloc``.
"""

from __future__ import annotations

import subprocess
import sys

from tests import WITHIN

CALLS = 20_000

COUNT = f"""
import sys
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

class Sender(QObject):
    sent = Signal(object)

app = QCoreApplication([])
sender, timer, box = Sender(), QTimer(), {{}}
sender.sent.connect(lambda value: None)

def calls():
    for _ in range({CALLS} // 4):
        sender.sent.emit(None)
        timer.setSingleShot(True)
        timer.isActive()
        sender.setProperty("shown", None)

calls()  # what is made once is made here
before = [sys.getrefcount(value) for value in (None, True, False)]
calls()
after = [sys.getrefcount(value) for value in (None, True, False)]
print(*(new - old for old, new in zip(before, after)))
"""


def test_calls_into_qt_keep_the_count_of_none_true_and_false() -> None:
    told = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, timeout=WITHIN, check=False
    )
    assert told.returncode == 0, told.stderr
    drift = [int(number) for number in told.stdout.split()]
    assert all(abs(each) < CALLS / 100 for each in drift), drift
