"""Which workflow: a list, and what the chosen one says of itself."""

from __future__ import annotations

import qt

from ..job.describe import explain, label_of
from .signals import on


class WorkflowPanel:
    """`on_choose(workflow or None)` is called when another workflow is shown."""

    def __init__(self, layout, on_choose, on_refresh) -> None:
        self._on_choose = on_choose
        self._workflows: tuple = ()
        self._filling = False
        self.box = qt.QComboBox()
        self.box.setSizePolicy(qt.QSizePolicy.Expanding, qt.QSizePolicy.Preferred)
        self.box.setMinimumContentsLength(20)
        on(self.box, "currentIndexChanged(int)", self._changed)
        self.refresh_button = qt.QPushButton("Refresh")
        self.refresh_button.setToolTip("Asks the host again which workflows it has.")
        on(self.refresh_button, "clicked()", lambda *_: on_refresh())
        row = qt.QHBoxLayout()
        row.addWidget(self.box)
        row.addWidget(self.refresh_button)
        layout.addRow("Workflow:", row)
        self.about = qt.QLabel()
        self.about.setWordWrap(True)
        self.about.setTextFormat(qt.Qt.RichText)
        self.about.setOpenExternalLinks(False)
        layout.addRow("", self.about)

    def show(self, workflows: tuple, preferred: str = "") -> None:
        """Lists the workflows; the one shown before, or `preferred`, stays chosen when it is still there."""
        current = self.current()
        wanted = current.name if current is not None else preferred
        self._filling = True
        self.box.clear()
        self._workflows = workflows
        for workflow in workflows:
            self.box.addItem(label_of(workflow))
        names = [workflow.name for workflow in workflows]
        ready = [number for number, workflow in enumerate(workflows) if workflow.state != "failed"]
        index = names.index(wanted) if wanted in names else (ready or [0])[0]
        self.box.setCurrentIndex(index if workflows else -1)
        self._filling = False
        self._changed()

    def set_enabled(self, enabled: bool) -> None:
        """Whether another one may be chosen."""
        self.box.setEnabled(enabled)
        self.refresh_button.setEnabled(enabled)

    def current(self):
        """The workflow that is chosen, or None."""
        index = self.box.property("currentIndex")
        return self._workflows[index] if 0 <= index < len(self._workflows) else None

    def _changed(self, *_) -> None:
        if self._filling:
            return
        workflow = self.current()
        self.about.setText("" if workflow is None else explain(workflow))
        self._on_choose(workflow)
