"""The module's panel: makes the parts, hands states down and wishes up."""

from __future__ import annotations

import ctk
import qt

from ..job.connecting import Connecting
from ..job.items import Request, plan_items
from ..job.loop import Loop
from ..job.running import Running
from ..job.settings import Settings, consent_question
from ..mrml.measures import find_measures
from ..mrml.scene_side import SceneSide
from ..mrml.sequences import frames_of
from .batch_panel import BatchPanel
from .host_panel import HostPanel
from .input_panel import InputPanel
from .parameter_panel import ParameterPanel
from .results_panel import ResultsPanel
from .run_panel import RunPanel
from .workflow_panel import WorkflowPanel

NOTE = "Research software, not a medical device. What a workflow is meant for is its authors' word."


class ModuleView:
    """Everything below the module's title.

    `prepare()` makes the client's package ready and returns a sentence when it cannot; `client` is used only after it
    succeeded. `ask(question)` asks the user yes or no.
    """

    def __init__(self, layout, scene, client, prepare, store, ask) -> None:
        self._scene, self._prepare, self._ask = scene, prepare, ask
        self.settings = Settings(store)
        self.connecting = Connecting(client, lambda state: self._connection_changed(state))
        self.running = Running(client, SceneSide(scene, self._placed), lambda state: self._run_changed(state))
        self._timer = qt.QTimer()
        self.loop = Loop(self._timer)
        self.loop.add(self.connecting)
        self.loop.add(self.running)

        addresses, tls_of = self.settings.addresses(), self.settings.tls_of
        self.host = HostPanel(_section(layout, "Host"), addresses, tls_of, self._connect, self._start_local)
        self.workflow = WorkflowPanel(form := _section(layout, "Workflow"), self._workflow_chosen, self._refresh)
        self.input = InputPanel(_box(form), self._show_run)
        self.parameters = ParameterPanel(_section(layout, "Parameters", collapsed=True, form=False))
        self.batch = BatchPanel(_section(layout, "Batch and sequences", collapsed=True, form=False))
        self.run = RunPanel(layout, self._apply, lambda: self.running.cancel())
        self.results = ResultsPanel(_section(layout, "Results", form=False))
        note = qt.QLabel(NOTE)
        note.setWordWrap(True)
        note.setStyleSheet("color: gray")
        layout.addWidget(note)
        layout.addStretch(1)

        self._tls: bool | str = False
        #: Name, inputs and parameters of the workflow that the forms are made for.
        self._declared: tuple | None = None
        self._observed: list[int] = []
        self._observe_scene()
        self.batch.show(scene)
        self.host.show(self.connecting.state, busy=False)
        self._workflow_chosen(None)

    def close(self) -> None:
        """Ends all that goes on. Does not wait for the network."""
        for tag in self._observed:
            self._scene.RemoveObserver(tag)
        self._observed = []
        self.loop.stop()
        self.running.cancel()
        self.connecting.close()

    # Host

    def _connect(self, address: str, token: str, tls: bool | str) -> None:
        sentence = self._prepare()
        if sentence:
            self.connecting.refuse(address, sentence)
            return
        self._tls = tls
        self.connecting.connect(address, token, tls)
        self.loop.wake()

    def _start_local(self) -> None:
        sentence = self._prepare(host=True)
        if sentence:
            self.connecting.refuse("", sentence)
            return
        self.connecting.start_local()
        self.loop.wake()

    def _refresh(self) -> None:
        self.connecting.refresh()
        self.loop.wake()

    def _connection_changed(self, state) -> None:
        self.host.show(state, self.running.state.busy)
        if state.phase == "connected" and not state.local:
            self.settings.remember_address(state.address, self._tls)
        self.workflow.show(state.workflows)
        self._show_run()

    # Workflow and inputs

    def _workflow_chosen(self, workflow) -> None:
        declared = ("", (), ()) if workflow is None else (workflow.name, workflow.inputs, workflow.parameters)
        # After each run the list comes anew: what the user chose and set stays while the workflow is the same.
        if declared != self._declared:
            self._declared = declared
            self.input.show(declared[1], self._scene)
            self.parameters.show(declared[2])
        self.results.show_table(None if workflow is None else find_measures(self._scene, workflow.name))
        self._show_run()

    def _why_not(self, fits: bool) -> str:
        workflow = self.workflow.current()
        if self.connecting.state.phase != "connected":
            return "Connect to a host first."
        if workflow is None:
            return "The host has no workflow."
        if workflow.state == "failed":
            return "This workflow cannot run on the host."
        return "" if fits else "The chosen volumes do not fit."

    # Runs

    def _apply(self) -> None:
        workflow, address = self.workflow.current(), self.connecting.state.address
        frames = frames_of if self.batch.frames.property("checked") else lambda node: []
        items = plan_items(workflow, self.input.chosen(), self.batch.ticked(), frames)
        if not items:
            return
        if not self.settings.may_send_to(address):
            if not self._ask(consent_question(address)):
                return
            self.settings.allow_sending_to(address)
        self.running.start(self.connecting.state.host, Request(workflow, items, self.parameters.values()))
        self.loop.wake()

    def _run_changed(self, state) -> None:
        self._show_run()
        if state.ended:
            workflow = self.workflow.current()
            self.results.show_table(None if workflow is None else find_measures(self._scene, workflow.name))
            self._refresh()

    def _placed(self, node) -> None:
        self.results.show_result(node)

    def _show_run(self) -> None:
        state = self.running.state
        why_not = self._why_not(self.input.check())
        self.run.show(state, can_apply=not why_not, why_not=why_not)
        self.host.show(self.connecting.state, state.busy)
        for panel in (self.workflow, self.input, self.parameters, self.batch):
            panel.set_enabled(not state.busy)

    # Scene

    def _observe_scene(self) -> None:
        import slicer

        events = (
            slicer.vtkMRMLScene.NodeAddedEvent,
            slicer.vtkMRMLScene.NodeRemovedEvent,
            slicer.vtkMRMLScene.EndCloseEvent,
            slicer.vtkMRMLScene.EndImportEvent,
        )
        self._observed = [self._scene.AddObserver(event, self._scene_changed) for event in events]

    def _scene_changed(self, *_) -> None:
        if not self._scene.IsBatchProcessing() and not self.running.state.busy:
            self.batch.show(self._scene)
            self._show_run()


def _section(layout, title: str, collapsed: bool = False, form: bool = True):
    button = ctk.ctkCollapsibleButton()
    button.text = title
    button.collapsed = collapsed
    layout.addWidget(button)
    return qt.QFormLayout(button) if form else qt.QVBoxLayout(button)


def _box(form):
    """A column of its own inside a form."""
    holder = qt.QWidget()
    form.addRow(holder)
    column = qt.QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    return column
