"""The scene of each test: Slicer's own MRML, from slicer-core on PyPI, without Slicer."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
HERE = Path(__file__).resolve().parent
EXTENSION = HERE.parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(EXTENSION / "Voxhost"), str(HERE), str(ROOT / "clients" / "python" / "src")]

sys.path.append(str(ROOT / "clients" / "python" / "tests"))  # its proxy, which breaks connections

import pytest  # noqa: E402
import slicer  # noqa: E402
import slicer.util  # noqa: E402
from scenes import load_volume  # noqa: E402

HEAD_MRI = ROOT / "examples" / "images" / "head-mri.nii.gz"
MONAI_MASK = ROOT / "test" / "fixtures" / "expected" / "head-mri_deepbet_onnx.nii.gz"


@pytest.fixture
def scene():
    """An empty scene that knows segmentations and sequences, and is `slicer.mrmlScene` while the test runs."""
    scene = slicer.vtkMRMLScene()
    slicer.mrmlScene = scene
    for logic_class in (slicer.vtkSlicerSegmentationsModuleLogic, slicer.vtkSlicerSequencesLogic):
        logic_class().SetMRMLScene(scene)
    slicer.vtkMRMLSubjectHierarchyNode.ResolveSubjectHierarchy(scene)
    yield scene
    scene.Clear(True)
    slicer.mrmlScene = None


@pytest.fixture
def head_mri(scene):
    """The real head MRI as Slicer's own reader loads it."""
    return load_volume(scene, HEAD_MRI, "head-mri")
