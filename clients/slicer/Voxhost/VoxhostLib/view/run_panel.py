"""Apply, which turns into Cancel; how far a run is; and how it ended."""

from __future__ import annotations

import qt

from .signals import on


class RunPanel:
    """`on_apply()` and `on_cancel()` are called when asked for."""

    def __init__(self, layout, on_apply, on_cancel) -> None:
        self._on_apply, self._on_cancel = on_apply, on_cancel
        self._busy = False
        self.button = qt.QPushButton("Apply")
        self.button.setMinimumHeight(32)
        on(self.button, "clicked()", self._clicked)
        layout.addWidget(self.button)
        self.bar = qt.QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setMaximumHeight(8)
        layout.addWidget(self.bar)
        self.text = qt.QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(qt.Qt.TextSelectableByMouse)
        layout.addWidget(self.text)

    def show(self, state, can_apply: bool, why_not: str) -> None:
        """Shows a `RunState`. `why_not` is the button's tip when it cannot be pressed."""
        self._busy = state.busy
        self.button.setText("Cancel" if state.busy else "Apply")
        self.button.setEnabled(not state.cancelling if state.busy else can_apply)
        self.button.setToolTip("Stops the run, on the host too." if state.busy else why_not or "Runs the workflow.")
        self.bar.setVisible(state.busy)
        if state.fraction is None:
            self.bar.setRange(0, 0)
        else:
            self.bar.setRange(0, 1000)
            self.bar.setValue(int(1000 * state.fraction))
        self.text.setText(f"{state.item} – {state.text}" if state.item else state.text)
        self.text.setStyleSheet("color: #c62828" if state.ended == "failed" else "")

    def _clicked(self, *_) -> None:
        if self._busy:
            self._on_cancel()
        else:
            self._on_apply()
