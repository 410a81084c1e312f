"""Voxhost in 3D Slicer: choose a workflow that a host has deployed, press Apply.

Only what Slicer wants to find in a module's file. The module itself is in VoxhostLib; nothing heavy is imported before
the panel is opened, and nothing is installed before the user connects.
"""

import os
from pathlib import Path

import slicer
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)

HELP = """
Runs deployed AI workflows (MONAI bundles) on volumes of the scene. A Voxhost host keeps them warm on this computer or
another; no Python, PyTorch or CUDA version is shared with Slicer. Connect, choose a workflow and a volume, press Apply.
"""
ACKNOWLEDGEMENT = "Part of Voxhost, Apache-2.0. Research software, not a medical device."


def requirementsFile() -> Path:
    """What Connect installs."""
    return Path(__file__).parent / "Resources" / "requirements.txt"


def installPackages(requirements) -> None:
    """Runs pip through Slicer, which shows what it does. Main thread only. Raises when pip fails."""
    slicer.util.pip_install(list(requirements))


def preparePackages(host: bool = False) -> str:
    """Makes `import voxhost` work, asking before it installs. Returns a sentence when it cannot."""
    from VoxhostLib.client.package import prepare

    def confirm(text: str) -> bool:
        return slicer.util.confirmOkCancelDisplay(text, windowTitle="Voxhost")

    return prepare(__file__, requirementsFile(), installPackages, confirm, host=host)


def makeCalls():
    """The client's calls. What they import is there after `preparePackages`."""
    from VoxhostLib.client.calls import Calls
    from VoxhostLib.client.local_plan import plan_local

    return Calls(plan_local(__file__))


class Voxhost(ScriptedLoadableModule):
    """What Slicer shows of the module."""

    def __init__(self, parent):
        ScriptedLoadableModule.__init__(self, parent)
        parent.title = "Voxhost"
        parent.categories = ["Segmentation"]
        parent.dependencies = []
        parent.contributors = ["The Voxhost authors"]
        parent.helpText = HELP
        parent.acknowledgementText = ACKNOWLEDGEMENT


class VoxhostWidget(ScriptedLoadableModuleWidget):
    """The panel."""

    def setup(self):
        ScriptedLoadableModuleWidget.setup(self)
        import qt
        from VoxhostLib.view.module_view import ModuleView

        def ask(question: str) -> bool:
            return slicer.util.confirmYesNoDisplay(question, windowTitle="Voxhost")

        self.view = ModuleView(self.layout, slicer.mrmlScene, makeCalls(), preparePackages, qt.QSettings(), ask)
        slicer.app.connect("aboutToQuit()", self.cleanup)

    def cleanup(self):
        """The module is reloaded, or Slicer ends."""
        if getattr(self, "view", None) is not None:
            self.view.close()
            self.view = None


class VoxhostLogic(ScriptedLoadableModuleLogic):
    """For scripts: one call from volume to result. The user interface does not need it."""

    def run(self, volumeNode, workflow: str, address: str, token: str = "", parameters=None):
        """Runs a workflow on a volume and returns the nodes with its results.

        Waits for the end and keeps Slicer alive meanwhile. The volume's voxels are sent to `address`: that is the
        caller's decision. Raises `RuntimeError` with a sentence when it does not work out.
        """
        from VoxhostLib.job.blocking import run_blocking

        return run_blocking(
            makeCalls(), volumeNode, workflow, address, token, parameters or {}, slicer.app.processEvents
        )


class VoxhostTest(ScriptedLoadableModuleTest):
    """For those who have Slicer: Reload and Test in developer mode, or `Slicer --testing --python-code`.

    Uses the host at the environment's VOXHOST_TEST_HOST, else one on this computer that it starts and ends.
    """

    def setUp(self):
        slicer.mrmlScene.Clear()

    def runTest(self):
        self.setUp()
        self.test_ResultLiesOnTheVolume()
        self.setUp()
        self.test_PanelSaysWhatIsWrong()

    def test_ResultLiesOnTheVolume(self):
        """A script's call on Slicer's own MRHead sample leaves a brain of a plausible size on it."""
        import SampleData

        self.assertEqual(preparePackages(host=True), "")
        from VoxhostLib.job.worker import Task

        volume = SampleData.downloadSample("MRHead")
        calls, local = makeCalls(), None
        address = os.environ.get("VOXHOST_TEST_HOST", "")
        if not address:
            local = calls.start_local(Task())
            address = local.address
        try:
            nodes = VoxhostLogic().run(volume, "brain_extraction_deepbet", address)
        finally:
            if local is not None:
                local.host.close()
        labels = slicer.util.arrayFromSegmentBinaryLabelmap(nodes[0], "pred_1", volume)
        spacing = volume.GetSpacing()
        self.assertTrue(900 < labels.sum() * spacing[0] * spacing[1] * spacing[2] / 1000 < 2000)
        self.assertEqual(labels.shape, slicer.util.arrayFromVolume(volume).shape)
        self.delayDisplay("The brain lies on the head.")

    def test_PanelSaysWhatIsWrong(self):
        """The panel makes itself, and says so where nothing listens."""
        widget = slicer.modules.voxhost.widgetRepresentation().self()
        widget.view.connecting.connect("127.0.0.1:9", "")
        widget.view.loop.wake()
        while widget.view.connecting.state.phase == "connecting":
            slicer.app.processEvents()
        self.assertEqual(widget.view.connecting.state.phase, "refused")
        self.delayDisplay(widget.view.connecting.state.verdict)
