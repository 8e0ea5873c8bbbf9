"""The peer of the window's start: Qt with one empty window, as plain as it can be."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget

if __name__ == "__main__":
    application = QApplication([])
    window = QWidget()
    window.setWindowTitle("Bare")
    window.resize(1200, 760)
    window.show()
    application.exec()
