"""What a volume node is, and whether it fits what a workflow takes. Reads nodes, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import geometry

#: Component types that the wire knows, by numpy's name.
WIRE_TYPES = frozenset(
    ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]
)


@dataclass(frozen=True)
class VolumeFacts:
    """A volume node in plain numbers."""

    node_id: str
    name: str
    #: Voxels along i, j, k.
    sizes_ijk: tuple[int, int, int]
    components: int
    #: numpy's name of the component type.
    component_type: str
    #: Index to world in LPS millimetres, a linear parent transform included.
    index_to_lps: np.ndarray
    #: As DICOM writes it (`CT`, `MR`); empty when the scene does not know.
    modality: str
    #: True when the volume stands under a transform that is not linear: its geometry is then that without it.
    warped: bool

    @property
    def size_bytes(self) -> int:
        """Bytes of its voxels."""
        return int(np.prod(self.sizes_ijk)) * self.components * np.dtype(self.component_type).itemsize


@dataclass(frozen=True)
class Problem:
    """Why a volume does not fit an input, or may not."""

    text: str
    #: False for a doubt that leaves Apply possible.
    blocks: bool = True


def scalars_of(volume_node) -> np.ndarray | None:
    """A view on the node's voxels, (k, j, i) or (k, j, i, component), i fastest; None when it has no image."""
    from vtk.util import numpy_support

    image = volume_node.GetImageData()
    scalars = image.GetPointData().GetScalars() if image is not None else None
    if scalars is None or scalars.GetNumberOfTuples() == 0:
        return None
    sizes_kji = tuple(reversed(image.GetDimensions()))
    components = scalars.GetNumberOfComponents()
    voxels = numpy_support.vtk_to_numpy(scalars)
    return voxels.reshape(sizes_kji if components == 1 else (*sizes_kji, components))


def read_facts(volume_node) -> VolumeFacts | None:
    """The node in plain numbers; None when it has no image."""
    voxels = scalars_of(volume_node)
    if voxels is None:
        return None
    to_world = geometry.parent_to_world(volume_node)
    index_to_world = (np.eye(4) if to_world is None else to_world) @ geometry.index_to_ras(volume_node)
    return VolumeFacts(
        node_id=volume_node.GetID() or "",
        name=volume_node.GetName() or "",
        sizes_ijk=tuple(int(size) for size in reversed(voxels.shape[:3])),
        components=1 if voxels.ndim == 3 else voxels.shape[3],
        component_type=voxels.dtype.name,
        index_to_lps=geometry.FLIP_XY @ index_to_world,
        modality=modality_of(volume_node),
        warped=to_world is None,
    )


def modality_of(volume_node) -> str:
    """The modality that the subject hierarchy has from DICOM, or the node's own attribute; else empty."""
    import slicer

    name = slicer.vtkMRMLSubjectHierarchyConstants.GetDICOMSeriesModalityAttributeName()
    own = volume_node.GetAttribute(name)
    scene = volume_node.GetScene()
    if own or scene is None:
        return own or ""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
    if hierarchy is None:
        return ""
    item = hierarchy.GetItemByDataNode(volume_node)
    return hierarchy.GetItemAttribute(item, name) if item else ""


def check_channels(channels: list[VolumeFacts | None], declared) -> list[Problem]:
    """What stands against giving these volumes to the declared input.

    One volume a channel, in order; or one volume alone that has all channels as its components. None is a selector that
    is empty. `declared` is the workflow's input (`name`, `modality`, `channels`, `channel_names`, `required`).
    """
    given = [facts for facts in channels if facts is not None]
    if not given:
        return [Problem(f"Choose a volume for {declared.name}.")] if declared.required else []
    wanted = max(declared.channels, 1)
    first = given[0]
    whole = len(given) == 1 and first.components == wanted
    if not whole and len(given) != wanted:
        return [Problem(_missing_channels(channels, declared))]
    problems = [problem for facts in given for problem in _check_volume(facts, declared)]
    if not whole:
        problems += [problem for facts in given for problem in _check_one_channel(facts, first, wanted)]
    return problems


def _missing_channels(channels: list[VolumeFacts | None], declared) -> str:
    names = channel_names(declared)
    empty = [name for name, facts in zip(names, channels) if facts is None]
    if not empty:
        return f"{declared.name} takes {len(names)} channels, one volume each."
    return f"{declared.name} takes {len(names)} channels: choose a volume for {', '.join(empty)} too."


def _check_volume(facts: VolumeFacts, declared) -> list[Problem]:
    problems = []
    if facts.component_type not in WIRE_TYPES:
        problems.append(Problem(f"{facts.name} has voxels of type {facts.component_type}, which a host does not take."))
    if not geometry.is_invertible(facts.index_to_lps):
        problems.append(
            Problem(f"The axes of {facts.name} do not span a space: check its spacing, directions and transform.")
        )
    if declared.modality and facts.modality and declared.modality.upper() != facts.modality.upper():
        doubt = f"{facts.name} is {facts.modality}, the workflow is made for {declared.modality}."
        problems.append(Problem(doubt, blocks=False))
    return problems


def _check_one_channel(facts: VolumeFacts, first: VolumeFacts, wanted: int) -> list[Problem]:
    if facts.components != 1:
        takes = "1 channel" if wanted == 1 else f"{wanted} channels, one volume each"
        return [Problem(f"{facts.name} has {facts.components} components a voxel; the workflow takes {takes}.")]
    if facts.sizes_ijk != first.sizes_ijk or not geometry.same_grid(
        facts.index_to_lps, first.index_to_lps, first.sizes_ijk
    ):
        return [Problem(f"{facts.name} lies on another grid than {first.name}: resample it to {first.name} first.")]
    return []


def channel_names(declared) -> list[str]:
    """A name for each channel of the declared input."""
    wanted = max(declared.channels, 1)
    names = list(declared.channel_names)
    return names if len(names) == wanted else [f"channel {number + 1}" for number in range(wanted)]
