"""What one press of Apply comes to: a list of items, each one run on the host. Plain data, no scene."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Item:
    """One run: which nodes go in, and where the result belongs."""

    #: The volume that the result is put on, for a frame the sequence's proxy.
    volume_node: Any
    #: Nodes by input name, one a channel.
    inputs: dict[str, list[Any]]
    #: The frame of a sequence, or None.
    frame: Any = None


@dataclass(frozen=True)
class Request:
    """What the user asked for."""

    workflow: Any
    items: tuple[Item, ...]
    parameters: dict[str, Any] = field(default_factory=dict)


def plan_items(workflow, chosen: dict[str, list[Any]], batch: list[Any], frames_of) -> tuple[Item, ...]:
    """The items of a request.

    `chosen` are the selectors' nodes by input name, `batch` further volumes for a workflow's only input, `frames_of` the
    frames that a volume shows one of (none for a volume by itself, or when frames are not asked for). A volume that is
    chosen twice is run once. Frames go together: all channels must be of as many frames as the first.
    """
    inputs = [declared.name for declared in workflow.inputs if chosen.get(declared.name)]
    if not inputs:
        return ()
    first = chosen[inputs[0]][0]
    sets = [{name: chosen[name] for name in inputs}]
    if len(inputs) == 1 and len(chosen[inputs[0]]) == 1:
        sets += [{inputs[0]: [node]} for node in batch if node is not first]
    items: list[Item] = []
    for one in sets:
        volume_node = one[inputs[0]][0]
        frames = frames_of(volume_node)
        if not frames:
            items.append(Item(volume_node, one))
        for number, frame in enumerate(frames):
            items.append(Item(volume_node, _at_frame(one, number, frames_of), frame))
    return tuple(items)


def _at_frame(inputs: dict[str, list[Any]], number: int, frames_of) -> dict[str, list[Any]]:
    """The nodes of one frame: a node that is no sequence is the same in each."""

    def at(node):
        frames = frames_of(node)
        return frames[min(number, len(frames) - 1)].node if frames else node

    return {name: [at(node) for node in nodes] for name, nodes in inputs.items()}
