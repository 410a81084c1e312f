"""Tells when the nodes that a run needs are taken away: one by one, or with the whole scene."""

from __future__ import annotations

from typing import Callable


class SceneWatch:
    """Calls `on_gone`, once, with a sentence and whether it was the whole scene that was closed."""

    def __init__(self, scene, nodes, on_gone: Callable[[str, bool], None]) -> None:
        import slicer
        import vtk

        self._scene = scene
        self._ids = {node.GetID(): node.GetName() for node in nodes}
        self._on_gone = on_gone

        # The event's node comes as call data only to a callable that says so.
        @vtk.calldata_type(vtk.VTK_OBJECT)
        def removed(_caller, _event, node) -> None:
            self._node_removed(node)

        self._tags = [
            scene.AddObserver(slicer.vtkMRMLScene.NodeAboutToBeRemovedEvent, removed),
            scene.AddObserver(slicer.vtkMRMLScene.StartCloseEvent, self._scene_closed),
        ]

    def stop(self) -> None:
        """Watches no longer. May be called twice."""
        for tag in self._tags:
            self._scene.RemoveObserver(tag)
        self._tags = []

    def _node_removed(self, node) -> None:
        name = self._ids.get(node.GetID()) if node is not None else None
        if name is not None and self._tags:
            self._tell(f"{name} was removed from the scene while it was worked on.", False)

    def _scene_closed(self, _caller, _event) -> None:
        if self._tags:
            self._tell("The scene was closed.", True)

    def _tell(self, sentence: str, everything: bool) -> None:
        self.stop()
        self._on_gone(sentence, everything)
