"""The nouns of the client: Workflow, Volume, Run, Segment and their parts. Plain data; seconds, millimetres, LPS."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Mapping, Optional, Tuple, Union

from .errors import InvalidInput, VoxhostError

if TYPE_CHECKING:
    from .image import Image

ParameterValue = Union[float, int, bool, str]


@dataclass(frozen=True)
class Limits:
    """What a host takes at the most. 0 means no limit of its own."""

    max_chunk_bytes: int
    max_volume_bytes: int
    store_quota_bytes: int
    store_used_bytes: int
    max_queued_runs: int
    model_memory_budget_bytes: int
    max_bundle_bytes: int


@dataclass(frozen=True)
class Device:
    """One execution provider of a host."""

    name: str
    available: bool
    #: Why it is not available; empty when it is.
    reason: str
    #: Runs that hold it now.
    busy: int


@dataclass(frozen=True)
class HostInfo:
    """What a host says of itself."""

    version: str
    protocol_version_min: int
    protocol_version_max: int
    limits: Limits
    devices: Tuple[Device, ...]
    chunk_encodings: Tuple[str, ...]
    uptime_s: float


@dataclass(frozen=True)
class Code:
    """A coded term: scheme `SCT`, value `12738006`, meaning `Brain`."""

    scheme: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Terminology:
    """What a segment is, in DICOM's words (PS3.3 C.8.20.4)."""

    category: Optional[Code] = None
    type: Optional[Code] = None
    type_modifier: Optional[Code] = None
    region: Optional[Code] = None
    region_modifier: Optional[Code] = None


@dataclass(frozen=True)
class Segment:
    """One segment of a label map: as the workflow declares it and, in a result, as it was measured."""

    #: The value of its voxels.
    value: int
    name: str
    #: Red, green, blue, 0 to 255.
    color: Tuple[int, int, int]
    terminology: Optional[Terminology] = None
    #: Voxels of its value; None in a declaration.
    voxel_count: Optional[int] = None
    #: Millilitres; None in a declaration.
    volume_ml: Optional[float] = None


@dataclass(frozen=True)
class Input:
    """One input of a workflow."""

    name: str
    #: As DICOM writes it (`CT`, `MR`); empty when the bundle does not say.
    modality: str
    channels: int
    channel_names: Tuple[str, ...]
    required: bool
    #: 2 or 3.
    spatial_axes: int


@dataclass(frozen=True)
class Output:
    """One output that a workflow declares."""

    name: str
    #: `label-map` or `image`.
    kind: str
    segments: Tuple[Segment, ...]


@dataclass(frozen=True)
class Parameter:
    """One parameter that a run may set."""

    name: str
    #: `number`, `integer`, `boolean` or `string`.
    type: str
    default: Optional[ParameterValue]
    minimum: Optional[float]
    maximum: Optional[float]
    description: str
    choices: Tuple[ParameterValue, ...]


@dataclass(frozen=True)
class Workflow:
    """A deployed workflow: what it takes, what it gives, and whether it is ready."""

    name: str
    version: str
    title: str
    description: str
    authors: str
    copyright: str
    license: str
    task: str
    modality: str
    intended_use: str
    references: Tuple[str, ...]
    inputs: Tuple[Input, ...]
    outputs: Tuple[Output, ...]
    parameters: Tuple[Parameter, ...]
    #: `loading`, `ready` or `failed`.
    state: str
    failure: str
    reload_failure: str
    #: Such as `cpu`; empty while loading.
    device: str
    #: The median of the last runs on this host; None before the first.
    typical_duration_s: Optional[float]
    resident: bool
    deploy_time: Optional[datetime]


@dataclass(frozen=True)
class Volume:
    """A volume that a host has. It may be given to `run` in place of an image."""

    name: str
    #: Voxels along i, j, k and, for a series, t.
    sizes: Tuple[int, ...]
    #: numpy's name: `uint8`, `int16`, `float32`, …
    component_type: str
    #: Components a voxel: 1 for a plain image.
    components: int
    #: Index to millimetres in LPS, 3×4 by rows.
    index_to_world_lps: Tuple[float, ...]
    modality: str
    size_bytes: int
    #: Of the voxels: 64 lower-case hexadecimal digits.
    sha256: str
    create_time: Optional[datetime]


@dataclass(frozen=True)
class RunOutput:
    """One result of a run. After `run` and `wait` it has its voxels: `image`, `array`, `save`."""

    name: str
    #: `label-map` or `image`.
    kind: str
    volume: Volume
    #: With what was measured.
    segments: Tuple[Segment, ...]
    _voxels: Optional[Image] = field(default=None, repr=False, compare=False)
    _native: Any = field(default=None, repr=False, compare=False)

    @property
    def voxels(self) -> Image:
        """The result as a `voxhost.Image`. @raises VoxhostError when it was not downloaded."""
        if self._voxels is None:
            raise VoxhostError(
                f"The voxels of {self.name} were not downloaded: host.download(output.volume) brings them.",
                code="FAILED_PRECONDITION",
                reason="NOT_DOWNLOADED",
            )
        return self._voxels

    @property
    def image(self) -> Any:
        """The result as what was put in: a nibabel, SimpleITK or ITK image, (array, affine), or a `voxhost.Image`."""
        return self.voxels if self._native is None else self._native

    @property
    def array(self) -> Any:
        """The result's numpy array, indexed [i, j, k]."""
        return self.voxels.array

    def save(self, path: Any) -> None:
        """Writes .nii, .nii.gz, .nrrd, .mha or .mhd."""
        self.voxels.save(path)


@dataclass(frozen=True)
class RunError:
    """Why a run failed."""

    code: str
    reason: str
    message: str
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class StageTiming:
    """What one stage of a run took."""

    stage: str
    duration_s: float


@dataclass(frozen=True)
class Run:
    """A run of a workflow at one moment."""

    name: str
    workflow: str
    #: Volume names by input name.
    inputs: Mapping[str, str]
    parameters: Mapping[str, ParameterValue]
    #: `queued`, `running`, `succeeded`, `failed` or `cancelled`.
    state: str
    #: By the workflow's names.
    outputs: Mapping[str, RunOutput]
    error: Optional[RunError]
    create_time: Optional[datetime]
    start_time: Optional[datetime]
    end_time: Optional[datetime]
    timings: Tuple[StageTiming, ...]
    request_id: str

    @property
    def output(self) -> RunOutput:
        """The only output. @raises InvalidInput when there are several, naming them."""
        if len(self.outputs) == 1:
            return next(iter(self.outputs.values()))
        names = ", ".join(sorted(self.outputs)) or "none"
        raise InvalidInput(f'run {self.name} has {len(self.outputs)} outputs ({names}): take run.outputs["name"]')

    @property
    def image(self) -> Any:
        """The only output as what was put in."""
        return self.output.image

    @property
    def array(self) -> Any:
        """The only output's numpy array, indexed [i, j, k]."""
        return self.output.array

    @property
    def segments(self) -> Tuple[Segment, ...]:
        """The only output's segments."""
        return self.output.segments

    def save(self, path: Any) -> None:
        """Writes the only output: .nii, .nii.gz, .nrrd, .mha or .mhd."""
        self.output.save(path)


@dataclass(frozen=True)
class RunEvent:
    """Something that happened to a run. `sequence` grows; numbers may be missing."""

    sequence: int
    run: str
    #: `queued`, `started`, `progress`, `output_ready`, `succeeded`, `failed` or `cancelled`; the last three end a run.
    kind: str
    time: Optional[datetime]
    #: queued: runs before it, the one that computes included.
    position: int = 0
    #: queued: seconds until it starts, when known.
    estimated_wait_s: Optional[float] = None
    #: queued: it waits for its workflow being loaded.
    workflow_loading: bool = False
    #: started: such as `cpu`.
    device: str = ""
    #: progress: `read`, a transform's name, `network`, `write`.
    stage: str = ""
    #: progress: windows done, of `step_count`.
    step: int = 0
    step_count: int = 0
    #: progress: of the whole run, 0 to 1.
    fraction: float = 0.0
    #: progress: seconds until the end, when known.
    time_left_s: Optional[float] = None
    #: output_ready
    output: Optional[RunOutput] = None
    #: succeeded
    result: Optional[Run] = None
    #: failed
    error: Optional[RunError] = None
    #: cancelled: by whom or why.
    reason: str = ""

    @property
    def is_last(self) -> bool:
        """No event follows."""
        return self.kind in ("succeeded", "failed", "cancelled")
