"""Voxhost.py itself, with stand-ins for Slicer's base classes and application: it loads, opens, closes."""

import importlib
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
import qt_for_tests
import slicer
from test_words import Store

EXTENSION = Path(__file__).resolve().parents[1]


class Module:
    def __init__(self, parent):
        self.parent = parent


class Widget:
    def setup(self):
        from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

        self.application = QApplication.instance() or QApplication([])
        self.window = QWidget()
        self.layout = QVBoxLayout(self.window)


@pytest.fixture
def module(scene, monkeypatch):
    qt_for_tests.install()
    import qt

    base = ModuleType("slicer.ScriptedLoadableModule")
    base.ScriptedLoadableModule, base.ScriptedLoadableModuleWidget = Module, Widget
    base.ScriptedLoadableModuleLogic, base.ScriptedLoadableModuleTest = object, object
    monkeypatch.setitem(sys.modules, "slicer.ScriptedLoadableModule", base)
    quitting = []
    application = SimpleNamespace(connect=lambda *what: quitting.append(what), processEvents=lambda: None)
    monkeypatch.setattr(slicer, "app", application, raising=False)
    monkeypatch.setattr(qt, "QSettings", Store, raising=False)
    sys.modules.pop("Voxhost", None)
    loaded = importlib.import_module("Voxhost")
    loaded.quitting = quitting
    yield loaded
    sys.modules.pop("Voxhost", None)


def test_loading_the_module_imports_nothing_of_the_client(module):
    heavy = {name for name in ("voxhost", "grpc") if name in module.__dict__}
    assert heavy == set() and module.Voxhost(SimpleNamespace()).parent.title == "Voxhost"


def test_the_panel_opens_and_closes_and_hears_of_slicers_end(module):
    widget = module.VoxhostWidget()
    widget.setup()
    assert widget.view.host.verdict.text() == "Not connected."
    assert module.quitting == [("aboutToQuit()", widget.cleanup)]
    widget.cleanup()
    widget.cleanup()
    assert widget.view is None


def test_the_packages_are_found_in_a_checkout_without_asking(module, monkeypatch):
    def never(*_args, **_more):
        raise AssertionError("asked")

    monkeypatch.setattr(slicer.util, "confirmOkCancelDisplay", never)
    monkeypatch.setattr(slicer.util, "pip_install", never)
    assert module.preparePackages() == ""


def test_a_host_on_this_computer_is_the_checkouts_with_the_example_workflows(module):
    from VoxhostLib.client.local_plan import LocalPlan, plan_local

    plan = plan_local(module.__file__)
    assert plan.workflows == EXTENSION.parents[1] / "examples" / "workflows"
    assert plan.command[-1].endswith("main.ts")
    elsewhere = plan_local("/nowhere/Voxhost.py")
    assert elsewhere == LocalPlan() and elsewhere.workflows == Path.home() / ".voxhost" / "workflows"


def test_the_license_is_the_projects():
    assert (EXTENSION / "LICENSE.txt").read_text() == (EXTENSION.parents[1] / "LICENSE").read_text()
