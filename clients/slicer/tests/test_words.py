"""What is remembered, asked and said: settings, consent, parameters, sentences, packages. No Qt, no scene."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from VoxhostLib.client import package
from VoxhostLib.job import describe, sentences
from VoxhostLib.job.parameters import changed_values, field_of
from VoxhostLib.job.settings import Settings, consent_question, is_this_machine

EXTENSION = Path(__file__).resolve().parents[1]


class Store:
    """As `qt.QSettings`: what was never written is None."""

    def __init__(self):
        self.values = {}

    def value(self, key):
        return self.values.get(key)

    def setValue(self, key, value):
        self.values[key] = value


@pytest.mark.parametrize(
    "address, here",
    [
        ("127.0.0.1:50151", True),
        ("localhost:1", True),
        ("LOCALHOST", True),
        ("[::1]:50151", True),
        ("unix:/tmp/voxhost.sock", True),
        ("127.8.9.1:1", True),
        ("dns:///localhost:1", True),
        ("10.0.0.1:50151", False),
        ("0.0.0.0:50151", False),
        ("gpu.example.org:443", False),
        ("localhost.example.org:1", False),
        ("[2001:db8::1]:50151", False),
        ("127.0.0.1.example.org:1", False),
        ("dns:///gpu:1", False),
        ("", False),
    ],
)
def test_only_what_stays_on_this_machine_needs_no_consent(address, here):
    assert is_this_machine(address) == here
    assert Settings(Store()).may_send_to(address) == here


def test_consent_is_remembered_for_its_host_alone_and_can_be_taken_back():
    settings = Settings(Store())
    settings.allow_sending_to("gpu:1")
    assert settings.may_send_to("gpu:1") and not settings.may_send_to("gpu:2")
    settings.forget_consents()
    assert not settings.may_send_to("gpu:1")
    assert "gpu:1" in consent_question("gpu:1")


def test_the_last_eight_addresses_are_kept_the_newest_first():
    settings = Settings(Store())
    assert settings.addresses() == ["127.0.0.1:50151"]
    for number in range(10):
        settings.remember_address(f"host{number}:1")
    settings.remember_address("host5:1")
    assert settings.addresses() == [f"host{number}:1" for number in (5, 9, 8, 7, 6, 4, 3, 2)]


def parameter(**changes):
    values = {"name": "a_b", "type": "number", "default": 0.25, "minimum": 0, "maximum": 0.95, "description": ""}
    return SimpleNamespace(**{**values, "choices": (), **changes})


@pytest.mark.parametrize(
    "declared, kind, default, minimum, maximum",
    [
        (parameter(), "number", 0.25, 0, 0.95),
        (parameter(type="integer", default=4, minimum=1, maximum=64), "integer", 4, 1, 64),
        (parameter(type="integer", default=None, minimum=None, maximum=None), "integer", 0, 1 - 2**31, 2**31 - 1),
        (parameter(type="integer", default=None, minimum=3, maximum=None), "integer", 3, 3, 2**31 - 1),
        (parameter(type="boolean", default=True), "boolean", True, 0, 0),
        (parameter(type="string", default="x"), "string", "x", 0, 0),
        (parameter(type="string", default="b", choices=("a", "b")), "choice", "b", 0, 0),
        (parameter(type="integer", default=None, choices=(1, 2)), "choice", 1, 0, 0),
    ],
)
def test_a_field_follows_from_the_declaration(declared, kind, default, minimum, maximum):
    field = field_of(declared)
    assert (field.kind, field.default, field.minimum, field.maximum) == (kind, default, minimum, maximum)
    assert field.label == "A b"


def test_only_what_was_changed_is_sent():
    fields = [field_of(parameter(name="x", default=1 / 3)), field_of(parameter(name="n", type="integer", default=4))]
    assert changed_values(fields, {"x": 0.3333, "n": 4}) == {}
    assert changed_values(fields, {"x": 0.5, "n": 8}) == {"x": 0.5, "n": 8}


@pytest.mark.parametrize(
    "seconds, text", [(0.4, "0 s"), (59.4, "59 s"), (125, "2 min 05 s"), (4200, "1 h 10 min"), (-1, "0 s")]
)
def test_durations_read_well(seconds, text):
    assert sentences.duration(seconds) == text


def test_progress_names_stage_place_and_time_left():
    assert sentences.queued(2, 65.0, False) == "2 runs before this one, about 1 min 05 s"
    assert sentences.queued(1, None, False) == "1 run before this one"
    assert sentences.queued(0, None, False) == "Next in the queue"
    assert sentences.queued(0, None, True) == "Waiting for the workflow to load"
    assert sentences.computing("network", 3, 8, 12.2) == "Network 3 of 8, 12 s left"
    assert sentences.computing("KeepLargestConnectedComponent", 0, 0, None) == "KeepLargestConnectedComponent"


def workflow(**changes):
    values = {"name": "w", "title": "Liver", "description": "Finds <b>livers</b>", "modality": "CT", "state": "ready"}
    more = {"intended_use": "Research", "version": "1.0", "failure": "", "reload_failure": "", "resident": True}
    return SimpleNamespace(**{**values, **more, "device": "cuda", "typical_duration_s": 1.25, **changes})


def test_a_workflow_says_modality_typical_time_and_device_and_cannot_write_html():
    text = describe.explain(workflow())
    assert "Finds &lt;b&gt;livers&lt;/b&gt;" in text
    assert "takes about 1.2 s · on CUDA · version 1.0" in text and "Meant for: Research" in text
    assert describe.label_of(workflow()) == "Liver (CT)"
    assert "has not run on this host yet" in describe.explain(workflow(typical_duration_s=None))
    assert "will be loaded first" in describe.explain(workflow(resident=False))


def test_a_workflow_that_failed_says_why():
    failed = workflow(state="failed", failure="inference.json: no network")
    assert "inference.json: no network" in describe.explain(failed)
    assert describe.label_of(failed) == "Liver (CT, cannot run)"
    assert describe.connected("0.1.0", [failed, workflow()]).endswith("1 workflow. 1 cannot run.")
    assert "put a bundle into its workflows folder" in describe.connected("0.1.0", [])


# Packages: at Connect, never before


def prepare(tmp_path, lines, installed=None, agrees=True, host=False):
    file = tmp_path / "requirements.txt"
    file.write_text("# comment\n" + "\n".join(lines), encoding="utf-8")
    asked, calls = [], []

    def confirm(text):
        asked.append(text)
        return agrees

    def install(requirements):
        calls.append(requirements)
        if installed is not None:
            raise installed

    return package.prepare(str(EXTENSION / "Voxhost" / "Voxhost.py"), file, install, confirm, host=host), asked, calls


def test_what_is_there_is_not_asked_for(tmp_path):
    assert prepare(tmp_path, ["voxhost>=0.1", "numpy>=1.20", "grpcio>=1.76"]) == ("", [], [])


def test_what_is_missing_or_too_old_is_installed_after_a_question(tmp_path):
    sentence, asked, calls = prepare(tmp_path, ["numpy>=999", "no-such-package-of-voxhost>=1"])
    assert calls == [["numpy>=999", "no-such-package-of-voxhost>=1"]]
    assert "numpy>=999, no-such-package-of-voxhost>=1" in asked[0]
    # numpy is loaded in this process: a newer one counts only after a restart.
    assert "restart Slicer" in sentence


def test_without_consent_nothing_is_installed(tmp_path):
    sentence, _, calls = prepare(tmp_path, ["no-such-package-of-voxhost>=1"], agrees=False)
    assert calls == [] and "was not installed" in sentence


def test_a_failed_installation_is_a_sentence(tmp_path):
    sentence, _, _ = prepare(tmp_path, ["no-such-package-of-voxhost"], installed=OSError("no network"))
    assert sentence == "Not connected: pip could not install no-such-package-of-voxhost: no network"


def test_requirements_have_floors_and_no_pins():
    lines = package.read_requirements(EXTENSION / "Voxhost" / "Resources" / "requirements.txt", has_client=False)
    assert lines and all(">=" in line and "==" not in line for line in lines)


# The extension's layout, as Slicer's build and index want it


def cmake_list(word):
    text = (EXTENSION / "Voxhost" / "CMakeLists.txt").read_text(encoding="utf-8")
    body = text.split(f"set({word}")[1].split(")")[0]
    return {line.strip().replace("${MODULE_NAME}", "Voxhost") for line in body.splitlines() if line.strip()}


def test_cmake_lists_every_file_of_the_module_and_no_other():
    module = EXTENSION / "Voxhost"
    files = {
        path.relative_to(module).as_posix()
        for path in module.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != "CMakeLists.txt"
    }
    assert cmake_list("MODULE_PYTHON_SCRIPTS") == {file for file in files if file.endswith(".py")}
    assert cmake_list("MODULE_PYTHON_RESOURCES") == {file for file in files if not file.endswith(".py")}


def test_the_catalog_entry_has_what_the_index_asks_for_and_nothing_else():
    import json

    entry = json.loads((EXTENSION / "Voxhost.json").read_text(encoding="utf-8"))
    assert {"$schema", "category", "scm_url"} <= set(entry)
    optional = {"$schema", "category", "scm_url", "scm_revision", "build_dependencies", "build_subdirectory", "tier"}
    assert set(entry) <= optional and entry["tier"] in (1, 3, 5)


def test_pictures_that_the_extension_names_exist():
    text = (EXTENSION / "CMakeLists.txt").read_text(encoding="utf-8")
    for name in ("Voxhost.png", "Screenshots/"):
        assert name in text
    assert (EXTENSION / "Voxhost.png").is_file()


def test_opening_slicer_imports_nothing_heavy():
    source = (EXTENSION / "Voxhost" / "Voxhost.py").read_text(encoding="utf-8")
    top = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert top == ["import os", "from pathlib import Path", "import slicer", "from slicer.ScriptedLoadableModule import ("]
