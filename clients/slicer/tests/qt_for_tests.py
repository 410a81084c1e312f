"""Real Qt under the names that Slicer gives it: `qt` from PySide6, and the two or three widgets of CTK and Slicer's own.

What it proves: texts, states, layout, signals. What it cannot: PythonQt's conversions, CTK's and Slicer's own widgets.
"""

from __future__ import annotations

import sys
from types import ModuleType

import slicer
from PySide6 import QtCore, QtGui, QtWidgets


def install() -> None:
    """Makes `import qt`, `import ctk` and `slicer.qMRMLNodeComboBox` work."""
    if "qt" in sys.modules:
        return
    qt, ctk = Qt("qt"), ModuleType("ctk")
    ctk.ctkCollapsibleButton = CollapsibleButton
    sys.modules["qt"], sys.modules["ctk"] = qt, ctk
    slicer.qMRMLNodeComboBox = NodeComboBox


class Qt(ModuleType):
    """All of Qt's names in one module, as PythonQt has them. PySide makes its classes when they are first asked for."""

    def __getattr__(self, name: str):
        for module in (QtCore, QtGui, QtWidgets):
            if hasattr(module, name):
                return getattr(module, name)
        raise AttributeError(name)


class CollapsibleButton(QtWidgets.QGroupBox):
    """Looks a little like `ctkCollapsibleButton`."""

    def __init__(self) -> None:
        super().__init__()
        self.collapsed = False

    @property
    def text(self) -> str:
        return self.title()

    @text.setter
    def text(self, text: str) -> None:
        self.setTitle(text)


class NodeComboBox(QtWidgets.QComboBox):
    """The part of `qMRMLNodeComboBox` that the module uses, on a real scene."""

    def __init__(self) -> None:
        super().__init__()
        self.nodeTypes: list[str] = []
        self.noneEnabled = False
        self._nodes: list = []

    def setMRMLScene(self, scene) -> None:
        self._scene = scene
        self.refill()
        for event in (slicer.vtkMRMLScene.NodeAddedEvent, slicer.vtkMRMLScene.NodeRemovedEvent):
            scene.AddObserver(event, self._scene_changed)

    def refill(self) -> None:
        current = self.currentNode()
        nodes = [None] if self.noneEnabled else []
        for kind in self.nodeTypes:
            found = self._scene.GetNodesByClass(kind)
            items = [found.GetItemAsObject(number) for number in range(found.GetNumberOfItems())]
            nodes += [node for node in items if node.GetClassName() == kind]
        self.blockSignals(True)
        self.clear()
        self._nodes = nodes
        for node in nodes:
            self.addItem("None" if node is None else node.GetName())
        self.setCurrentIndex(nodes.index(current) if current in nodes else 0 if nodes else -1)
        self.blockSignals(False)

    def currentNode(self):
        index = self.currentIndex()
        return self._nodes[index] if 0 <= index < len(self._nodes) else None

    def setCurrentNode(self, node) -> None:
        if node in self._nodes:
            self.setCurrentIndex(self._nodes.index(node))

    def connect(self, signature: str, slot) -> None:
        assert signature == "currentNodeChanged(vtkMRMLNode*)", signature
        self.currentIndexChanged.connect(lambda _index: slot(self.currentNode()))

    def _scene_changed(self, *_) -> None:
        import shiboken6

        if shiboken6.isValid(self):
            self.refill()
