"""Draws the module's panel after a real run on a real host, with PySide in place of Slicer's PythonQt: for the eye.

    QT_QPA_PLATFORM=offscreen python scripts/draw_panel.py 127.0.0.1:50151

Writes Screenshots/panel.png. Slicer's own collapsible sections and selectors look different.
"""

import os
import sys
import time
from pathlib import Path

EXTENSION = Path(__file__).resolve().parents[1]
ROOT = EXTENSION.parents[1]
sys.path[:0] = [str(EXTENSION / "Voxhost"), str(EXTENSION / "tests"), str(ROOT / "clients" / "python" / "src")]

import qt_for_tests  # noqa: E402

qt_for_tests.install()

import slicer  # noqa: E402
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget  # noqa: E402
from scenes import load_volume  # noqa: E402
from test_words import Store  # noqa: E402
from VoxhostLib.client.calls import Calls  # noqa: E402
from VoxhostLib.view.module_view import ModuleView  # noqa: E402


def main(address: str) -> None:
    application = QApplication([])
    application.setStyle("Fusion")
    scene = slicer.vtkMRMLScene()
    for logic in (slicer.vtkSlicerSegmentationsModuleLogic, slicer.vtkSlicerSequencesLogic):
        logic().SetMRMLScene(scene)
    load_volume(scene, ROOT / "examples" / "images" / "head-mri.nii.gz", "head-mri")
    window = QWidget()
    view = ModuleView(QVBoxLayout(window), scene, Calls(), lambda host=False: "", Store(), lambda question: True)
    window.resize(430, 900)
    window.show()

    def wait(activity) -> None:
        while activity.pace is not None:
            application.processEvents()
            time.sleep(0.005)

    view.host.address.setEditText(address)
    view.host.connect_button.click()
    wait(view.connecting)
    view.run.button.click()
    wait(view.running)
    wait(view.connecting)
    application.processEvents()
    file = EXTENSION / "Screenshots" / "panel.png"
    window.grab().save(str(file), quality=0)
    print(f"{file.name}: {file.stat().st_size} bytes")
    view.close()


main(sys.argv[1])
sys.stdout.flush()
os._exit(0)
