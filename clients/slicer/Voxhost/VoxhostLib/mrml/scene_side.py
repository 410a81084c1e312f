"""What a run does with the scene, in one place: handed to `job/running.py`, which knows no node."""

from __future__ import annotations

from typing import Any, Callable

from .images import ImageResult, place_image
from .labels import DenseLabels
from .measures import write_measures
from .scene_watch import SceneWatch
from .segmentations import place_labels
from .sequences import place_frame, show_sequence
from .snapshot import Snapshot


class SceneSide:
    """Reads volumes of a scene and writes results. `on_placed` hears of each node that shows a result."""

    def __init__(self, scene, on_placed: Callable[[Any], None] = lambda node: None) -> None:
        self._scene = scene
        self._on_placed = on_placed

    def snapshot(self, nodes) -> Snapshot:
        """Begins a copy of the nodes' voxels, one node a channel."""
        return Snapshot(nodes)

    def name_of(self, item) -> str:
        """The item for people."""
        name = item.volume_node.GetName() or "volume"
        return name if item.frame is None else f"{name} at {item.frame.index_value}"

    def missing(self, item) -> str:
        """The name of a volume that the item needs and the scene does not have; empty when all are there."""
        for node in self._own_nodes(item):
            if node.GetScene() is None or self._scene.GetNodeByID(node.GetID() or "") is None:
                return node.GetName() or "The volume"
        return ""

    def watch(self, item, on_gone: Callable[[str, bool], None]) -> SceneWatch:
        """Tells when a node of the item goes away."""
        return SceneWatch(self._scene, self._own_nodes(item), on_gone)

    def place(self, workflow, item, results: list[tuple[str, DenseLabels | ImageResult]]) -> None:
        """Puts the results (output name, result) of one item into the scene."""
        title = workflow.title or workflow.name
        for output, result in results:
            several = len(workflow.outputs) > 1
            name = f"{item.volume_node.GetName()} {title}{f' {output}' if several else ''}"
            if item.frame is not None:
                sequence = place_frame(item.volume_node, item.frame, result, workflow.name, output, name)
                node = show_sequence(item.volume_node, sequence)
            elif isinstance(result, DenseLabels):
                node = place_labels(item.volume_node, result, workflow.name, output, name)
            else:
                node = place_image(item.volume_node, result, workflow.name, output, name)
            if isinstance(result, DenseLabels):
                frame = "" if item.frame is None else item.frame.index_value
                volume_name = item.volume_node.GetName() or ""
                write_measures(self._scene, workflow.name, title, volume_name, frame, result.segments)
            if node is not None:
                self._on_placed(node)

    @staticmethod
    def _own_nodes(item) -> list[Any]:
        """The nodes of the main scene. Frames live in their sequence's own scene: the proxy stands for them."""
        if item.frame is not None:
            return [item.volume_node]
        return [node for nodes in item.inputs.values() for node in nodes]
