"""What goes in: a selector for each declared input and each of its channels, and what does not fit."""

from __future__ import annotations

import qt
import slicer

from ..mrml.volumes import channel_names, check_channels, read_facts

VOLUME_TYPES = ["vtkMRMLScalarVolumeNode", "vtkMRMLVectorVolumeNode"]


class InputPanel:
    """`on_change()` is called when another volume is chosen."""

    def __init__(self, layout, on_change) -> None:
        self._on_change = on_change
        self._layout = layout
        self._holder = None
        self._declared: tuple = ()
        #: Selectors by input name, one a channel.
        self.selectors: dict[str, list] = {}
        self.problems = qt.QLabel()
        self.problems.setWordWrap(True)

    def show(self, declared: tuple, scene) -> None:
        """Makes the selectors of a workflow's inputs. Volumes that were chosen stay where an input has the same name."""
        chosen = {name: [one.currentNode() for one in boxes] for name, boxes in self.selectors.items()}
        if self._holder is not None:
            self._layout.removeWidget(self._holder)
            self._holder.setParent(None)
            self._holder.deleteLater()
        self._layout.removeWidget(self.problems)
        self._declared, self.selectors = declared, {}
        self._holder = qt.QWidget()
        form = qt.QFormLayout(self._holder)
        form.setContentsMargins(0, 0, 0, 0)
        for one in declared:
            names = channel_names(one)
            boxes = self.selectors[one.name] = []
            for number, name in enumerate(names):
                box = self._selector(one, optional=not one.required or number > 0, scene=scene)
                before = chosen.get(one.name, [])
                if number < len(before) and before[number] is not None:
                    box.setCurrentNode(before[number])
                form.addRow(f"{one.name}:" if len(names) == 1 else f"{one.name}, {name}:", box)
                boxes.append(box)
        self._layout.addWidget(self._holder)
        self._layout.addWidget(self.problems)
        self.check()

    def chosen(self) -> dict[str, list]:
        """Nodes by input name, one a channel; inputs without one are left out."""
        found = {name: [box.currentNode() for box in boxes] for name, boxes in self.selectors.items()}
        return {name: [node for node in nodes if node is not None] for name, nodes in found.items() if any(nodes)}

    def check(self) -> bool:
        """Shows what does not fit. Returns whether a run can be asked for."""
        problems = []
        for one in self._declared:
            nodes = [box.currentNode() for box in self.selectors[one.name]]
            problems += check_channels([None if node is None else read_facts(node) for node in nodes], one)
        self.problems.setText("\n".join(problem.text for problem in problems))
        blocked = any(problem.blocks for problem in problems)
        self.problems.setStyleSheet(f"color: {'#c62828' if blocked else '#b26a00'}")
        self.problems.setVisible(bool(problems))
        return not blocked

    def set_enabled(self, enabled: bool) -> None:
        """Whether other volumes may be chosen."""
        if self._holder is not None:
            self._holder.setEnabled(enabled)

    def _selector(self, declared, optional: bool, scene):
        box = slicer.qMRMLNodeComboBox()
        box.nodeTypes = VOLUME_TYPES
        box.showChildNodeTypes = False
        box.addEnabled = False
        box.removeEnabled = False
        box.renameEnabled = False
        box.noneEnabled = optional
        box.setMRMLScene(scene)
        modality = f" ({declared.modality})" if declared.modality else ""
        box.setToolTip(f"The volume for {declared.name}{modality}.")
        box.connect("currentNodeChanged(vtkMRMLNode*)", lambda *_: self._on_change())
        return box
