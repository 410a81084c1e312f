"""Draws the README's picture: a real run on a real host, shown by Slicer's own views. Needs slicer-core and PySide6.

    python scripts/draw_screenshot.py 127.0.0.1:50151

The host must have `brain_extraction_deepbet`. Writes Screenshots/brain-extraction.png.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
EXTENSION = Path(__file__).resolve().parents[1]
ROOT = EXTENSION.parents[1]
sys.path[:0] = [str(EXTENSION / "Voxhost"), str(ROOT / "clients" / "python" / "src")]

import numpy as np  # noqa: E402
import slicer  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402
from slicer_views import Views  # noqa: E402
from VoxhostLib.client.calls import Calls  # noqa: E402
from VoxhostLib.job.blocking import run_blocking  # noqa: E402
from VoxhostLib.mrml.measures import find_measures, read_measures  # noqa: E402

WORKFLOW = "brain_extraction_deepbet"
SIZE = 440
GAP = 4
RED, YELLOW, GREEN = (0.95, 0.29, 0.2), (0.93, 0.84, 0.3), (0.43, 0.69, 0.29)  # of Slicer's slice views


def load_head_mri(scene):
    node = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "head-mri")
    storage = slicer.vtkMRMLVolumeArchetypeStorageNode()
    storage.SetFileName(str(ROOT / "examples" / "images" / "head-mri.nii.gz"))
    assert storage.ReadData(node) == 1
    node.CreateDefaultDisplayNodes()
    return node


def frame(pictures) -> np.ndarray:
    """Two by two, with a gap between."""
    height, width, _ = pictures[0].shape
    whole = np.full((2 * height + GAP, 2 * width + GAP, 3), 40, np.uint8)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, 2)
        top, left = row * (height + GAP), column * (width + GAP)
        whole[top : top + height, left : left + width] = picture
    return whole


def main(address: str) -> None:
    scene = slicer.vtkMRMLScene()
    views = Views(scene, SIZE, SIZE)
    for logic in (slicer.vtkSlicerSegmentationsModuleLogic, slicer.vtkSlicerSequencesLogic):
        logic().SetMRMLScene(scene)
    head = load_head_mri(scene)
    (segmentation,) = run_blocking(Calls(), head, WORKFLOW, address, "", {}, lambda: None)
    _, _, name, _, voxels, millilitres = read_measures(find_measures(scene, WORKFLOW))[0]
    print(f"{name}: {voxels} voxels, {millilitres} mL")
    segmentation.CreateClosedSurfaceRepresentation()
    display = segmentation.GetDisplayNode()
    display.SetOpacity2DFill(0.2)
    display.SetSliceIntersectionThickness(2)

    pictures = [
        views.slice("R  axial", "Axial", head, 18, RED),
        views.three_d("View1", (0, -17, 5), (0.9, 1.0, 0.45), 410, f"{name}  {millilitres} mL"),
        views.slice("Y  sagittal", "Sagittal", head, 3, YELLOW),
        views.slice("G  coronal", "Coronal", head, -18, GREEN),
    ]
    whole = np.ascontiguousarray(frame(pictures))
    height, width, _ = whole.shape
    file = EXTENSION / "Screenshots" / "brain-extraction.png"
    file.parent.mkdir(exist_ok=True)
    QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888).save(str(file), quality=0)
    print(f"{file.name}: {file.stat().st_size} bytes")


main(sys.argv[1])
sys.stdout.flush()
os._exit(0)  # the displayable managers' factories outlive Python otherwise
