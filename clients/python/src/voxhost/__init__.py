"""Voxhost: run a medical-imaging workflow on a host, from Python.

import voxhost

with voxhost.connect("127.0.0.1:50151") as host:
    run = host.run("brain_extraction_deepbet", "head-mri.nii.gz")
    run.save("mask.nii.gz")
"""

from . import aio
from .errors import (
    DataDamaged,
    HostFailed,
    HostUnavailable,
    InvalidInput,
    LimitReached,
    NotAuthorized,
    NotFound,
    NotReady,
    ProtocolMismatch,
    RunCancelled,
    RunFailed,
    TimedOut,
    VoxhostError,
)
from .host import Host, connect
from .image import Image
from .local import local
from .nouns import (
    Code,
    Device,
    HostInfo,
    Input,
    Limits,
    Output,
    Parameter,
    Run,
    RunError,
    RunEvent,
    RunOutput,
    Segment,
    StageTiming,
    Terminology,
    Volume,
    Workflow,
)
from .progress import Progress, ProgressBar
from .stop import Stop

__version__ = "0.1.0"

__all__ = [
    "Code",
    "DataDamaged",
    "Device",
    "Host",
    "HostFailed",
    "HostInfo",
    "HostUnavailable",
    "Image",
    "Input",
    "InvalidInput",
    "LimitReached",
    "Limits",
    "NotAuthorized",
    "NotFound",
    "NotReady",
    "Output",
    "Parameter",
    "Progress",
    "ProgressBar",
    "ProtocolMismatch",
    "Run",
    "RunCancelled",
    "RunError",
    "RunEvent",
    "RunFailed",
    "RunOutput",
    "Segment",
    "StageTiming",
    "Stop",
    "Terminology",
    "TimedOut",
    "Volume",
    "VoxhostError",
    "Workflow",
    "__version__",
    "aio",
    "connect",
    "local",
]
