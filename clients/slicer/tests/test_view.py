"""The panel, with real Qt (PySide6) on a real scene and a scripted host: what is shown, and what may be pressed."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest
import qt_for_tests
from scenes import add_volume
from scripted_client import WORKFLOW, ScriptedClient, spin
from test_running import answers, fails, hangs
from test_words import Store

qt_for_tests.install()

from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget  # noqa: E402
from VoxhostLib.view.module_view import ModuleView  # noqa: E402


class Panel:
    """The module's panel in a window of its own."""

    def __init__(self, scene, client, agrees=True, prepare=lambda host=False: ""):
        self.window = QWidget()
        self.asked = []
        self.store = Store()

        def ask(question):
            self.asked.append(question)
            return agrees

        layout = QVBoxLayout(self.window)
        self.view = ModuleView(layout, scene, client, prepare, self.store, ask)

    def press(self, button):
        QTest.mouseClick(button, qt_for_tests.QtCore.Qt.MouseButton.LeftButton)

    def connect(self, address="127.0.0.1:1"):
        self.view.host.address.setEditText(address)
        self.press(self.view.host.connect_button)
        spin(self.view.connecting)

    def apply(self):
        self.press(self.view.run.button)
        spin(self.view.running)
        spin(self.view.connecting)


@pytest.fixture(scope="session")
def application():
    return QApplication.instance() or QApplication([])


@pytest.fixture
def open_panel(scene, application):
    panels = []

    def make(client, **options):
        panels.append(Panel(scene, client, **options))
        return panels[-1]

    yield make
    for panel in panels:
        panel.view.close()
        panel.window.deleteLater()


def head(scene, name="head"):
    return add_volume(scene, np.ones((3, 4, 5), np.int16), name=name)


def test_before_connecting_apply_says_why_it_cannot_be_pressed(scene, open_panel):
    view = open_panel(ScriptedClient()).view
    assert not view.run.button.isEnabled() and view.run.button.toolTip() == "Connect to a host first."
    assert view.host.verdict.text() == "Not connected."


def test_connect_shows_the_verdict_the_workflows_and_remembers_the_address(scene, open_panel):
    head(scene)
    panel = open_panel(ScriptedClient())
    panel.connect("127.0.0.1:77")
    assert panel.view.host.verdict.text() == "Connected: 1."
    assert panel.view.workflow.box.itemText(0) == "Brain (MR)"
    assert "takes about 0.8 s" in panel.view.workflow.about.text()
    assert panel.view.settings.addresses()[0] == "127.0.0.1:77"
    assert panel.view.run.button.isEnabled()


def test_token_and_encryption_are_handed_on_and_a_remembered_address_brings_its_authority(scene, open_panel):
    client = ScriptedClient()
    panel = open_panel(client)
    panel.view.host.token.setText("secret")
    panel.view.host.tls.setChecked(True)
    panel.view.host.authority.setText("lab.pem")
    panel.connect("gpu:1")
    assert client.asked == ("gpu:1", "secret", "lab.pem")
    assert "secret" not in repr(panel.store.values)
    panel.view.host.tls.setChecked(False)
    panel.connect("plain:1")
    assert client.asked == ("plain:1", "secret", False)
    assert panel.view.settings.tls_of("gpu:1") == "lab.pem" and panel.view.settings.tls_of("plain:1") is False


def test_a_host_that_does_not_answer_is_said_in_red_and_not_remembered(scene, open_panel):
    panel = open_panel(ScriptedClient())
    panel.connect("nowhere:1")
    assert panel.view.host.verdict.text() == "nothing answers" and "#c62828" in panel.view.host.verdict.styleSheet()
    assert "nowhere:1" not in panel.view.settings.addresses()
    assert panel.view.host.connect_button.isEnabled()


def test_packages_are_made_ready_at_connect_and_not_before(scene, open_panel):
    calls = []

    def prepare(host=False):
        calls.append(host)
        return "Not connected: grpcio is needed."

    panel = open_panel(ScriptedClient(), prepare=prepare)
    assert calls == []
    panel.connect()
    assert calls == [False] and panel.view.host.verdict.text() == "Not connected: grpcio is needed."


def test_one_click_starts_a_host_on_this_computer(scene, open_panel):
    panel = open_panel(ScriptedClient())
    panel.press(panel.view.host.local_button)
    spin(panel.view.connecting)
    assert panel.view.connecting.state.local and panel.view.host.address.currentText() == "127.0.0.1:1234"
    assert not panel.view.host.local_button.isEnabled()
    assert panel.view.settings.addresses() == ["127.0.0.1:50151"], "its port is new each time"


def test_apply_turns_into_cancel_and_back_and_shows_how_far_the_run_is(scene, open_panel):
    head(scene)
    started = threading.Event()
    panel = open_panel(ScriptedClient(hangs(started)))
    panel.connect()
    panel.press(panel.view.run.button)
    while panel.view.run.text.text() != "Network 1 of 8":
        panel.view.running.tick()
    assert panel.view.run.button.text() == "Cancel" and panel.view.run.bar.value() == 100
    assert not panel.view.host.connect_button.isEnabled() and not panel.view.workflow.box.isEnabled()
    panel.press(panel.view.run.button)
    assert not panel.view.run.button.isEnabled() and panel.view.run.text.text() == "Cancelling …"
    spin(panel.view.running)
    assert (panel.view.run.button.text(), panel.view.run.text.text()) == ("Apply", "Cancelled.")
    assert panel.view.run.button.isEnabled() and panel.view.workflow.box.isEnabled()


def test_a_run_leaves_its_volumes_in_ml_in_the_table(scene, open_panel):
    head(scene)
    panel = open_panel(ScriptedClient(answers))
    panel.connect()
    panel.apply()
    table = panel.view.results.table
    header = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
    assert header == ["Volume", "Segment", "Label", "Voxels", "mL"], "no empty column for frames"
    assert [table.item(0, column).text() for column in range(5)] == ["head", "brain", "1", "1", "0.00"]


def test_the_surface_is_shown_when_asked_for_and_again_after_the_next_run(scene, open_panel):
    head(scene)
    panel = open_panel(ScriptedClient(answers))
    panel.connect()
    panel.apply()
    node = scene.GetFirstNodeByClass("vtkMRMLSegmentationNode")
    assert not node.GetSegmentation().ContainsRepresentation("Closed surface")
    panel.view.results.surface.setChecked(True)
    assert node.GetSegmentation().ContainsRepresentation("Closed surface")
    panel.apply()
    assert node.GetSegmentation().ContainsRepresentation("Closed surface")
    panel.view.results.surface.setChecked(False)
    assert not node.GetSegmentation().ContainsRepresentation("Closed surface")


def test_a_failure_stands_in_red_below_apply(scene, open_panel):
    head(scene)
    panel = open_panel(ScriptedClient(fails))
    panel.connect()
    panel.apply()
    assert panel.view.run.text.text() == "the disk is full" and "#c62828" in panel.view.run.text.styleSheet()


def test_before_the_first_image_leaves_the_machine_the_user_is_asked_once(scene, open_panel):
    head(scene)
    panel = open_panel(ScriptedClient(answers))
    panel.connect("gpu.example.org:443")
    panel.apply()
    panel.apply()
    assert len(panel.asked) == 1 and "gpu.example.org:443" in panel.asked[0]


def test_without_consent_nothing_is_sent(scene, open_panel):
    head(scene)
    client = ScriptedClient(answers)
    panel = open_panel(client, agrees=False)
    panel.connect("gpu.example.org:443")
    panel.apply()
    assert len(panel.asked) == 1 and client.threads == []


def test_for_a_host_on_this_machine_nobody_is_asked(scene, open_panel):
    head(scene)
    panel = open_panel(ScriptedClient(answers))
    panel.connect()
    panel.apply()
    assert panel.asked == [] and scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 1


def test_what_does_not_fit_is_said_and_blocks_apply(scene, open_panel):
    add_volume(scene, np.zeros((2, 2, 2, 3), np.uint8), name="photo")
    panel = open_panel(ScriptedClient(answers))
    panel.connect()
    assert "photo has 3 components" in panel.view.input.problems.text()
    assert not panel.view.run.button.isEnabled()
    panel.view.input.selectors["image"][0].setCurrentNode(head(scene))
    assert panel.view.input.problems.text() == "" and panel.view.run.button.isEnabled()


def test_another_modality_is_a_doubt_that_leaves_apply_possible(scene, open_panel):
    head(scene).SetAttribute("DICOM.Modality", "CT")
    panel = open_panel(ScriptedClient(answers))
    panel.connect()
    assert panel.view.input.problems.text() == "head is CT, the workflow is made for MR."
    assert panel.view.run.button.isEnabled()


def test_each_channel_of_an_input_has_a_selector_of_its_own(scene, open_panel):
    two = SimpleNamespace(name="image", modality="MR", channels=2, channel_names=("T1", "T2"), required=True)
    client = ScriptedClient(answers, workflows=(SimpleNamespace(**{**WORKFLOW.__dict__, "inputs": (two,)}),))
    a, b = head(scene, "a"), head(scene, "b")
    panel = open_panel(client)
    panel.connect()
    assert "choose a volume for T2 too" in panel.view.input.problems.text()
    first, second = panel.view.input.selectors["image"]
    second.setCurrentNode(b)
    assert first.currentNode() == a and panel.view.run.button.isEnabled()
    assert panel.view.input.chosen() == {"image": [a, b]}


def test_parameters_are_fields_of_their_type_and_only_changed_ones_are_sent(scene, open_panel):
    def parameter(name, kind, default, low=None, high=None, choices=()):
        return SimpleNamespace(
            name=name, type=kind, default=default, minimum=low, maximum=high, description=name, choices=choices
        )

    declared = (
        parameter("overlap", "number", 0.25, 0, 0.95),
        parameter("sw_batch_size", "integer", 4, 1, 64),
        parameter("flip", "boolean", False),
        parameter("mode", "string", "fast", choices=("fast", "good")),
    )
    seen = []

    class Client(ScriptedClient):
        def run(self, host, workflow, voxels, parameters, task):
            seen.append(parameters)
            return super().run(host, workflow, voxels, parameters, task)

    head(scene)
    panel = open_panel(Client(answers, workflows=(SimpleNamespace(**{**WORKFLOW.__dict__, "parameters": declared}),)))
    panel.connect()
    widgets = panel.view.parameters.widgets
    assert widgets["overlap"].maximum() == 0.95 and widgets["sw_batch_size"].value() == 4
    panel.apply()
    widgets["overlap"].setValue(0.5)
    widgets["mode"].setCurrentIndex(1)
    panel.apply()
    assert seen == [{}, {"overlap": 0.5, "mode": "good"}]


def test_a_batch_runs_on_each_volume_that_is_ticked(scene, open_panel):
    nodes = [head(scene, name) for name in "abc"]
    panel = open_panel(ScriptedClient(answers))
    panel.connect()
    panel.view.batch.tick(nodes[2])
    panel.apply()
    assert panel.view.run.text.text() == "2 of 2 done."
    table = panel.view.results.table
    assert [table.item(row, 0).text() for row in range(table.rowCount())] == ["a", "c"]


def test_a_workflow_that_cannot_run_is_listed_with_its_reason_and_not_chosen_first(scene, open_panel):
    failed = SimpleNamespace(**{**WORKFLOW.__dict__, "name": "a", "state": "failed", "failure": "no network"})
    head(scene)
    panel = open_panel(ScriptedClient(answers, workflows=(failed, WORKFLOW)))
    panel.connect()
    assert panel.view.workflow.current().name == "brain"
    panel.view.workflow.box.setCurrentIndex(0)
    assert "no network" in panel.view.workflow.about.text() and not panel.view.run.button.isEnabled()


def test_closing_the_panel_during_a_run_cancels_it_and_leaves_the_host(scene, open_panel):
    head(scene)
    started = threading.Event()
    client = ScriptedClient(hangs(started))
    panel = open_panel(client)
    panel.connect()
    panel.press(panel.view.run.button)
    while not started.is_set():
        panel.view.running.tick()
    panel.view.close()
    spin(panel.view.running)
    assert panel.view.running.state.ended == "cancelled" and len(client.left) == 1


def test_a_scene_that_is_closed_empties_the_panel(scene, open_panel):
    head(scene)
    panel = open_panel(ScriptedClient(answers))
    panel.connect()
    panel.apply()
    scene.Clear(False)
    assert panel.view.batch.list.count() == 0
    assert panel.view.input.chosen() == {}
    assert not panel.view.run.button.isEnabled()
