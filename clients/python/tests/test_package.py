"""The package itself: built, installed in an empty environment, typed, formatted, its stubs fresh, its notebook run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from conftest import HEAD_MRI, ROOT

PACKAGE = ROOT / "clients" / "python"


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, PACKAGE)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def test_wheel_and_sdist_hold_the_package_its_types_and_its_licence(distributions):
    wheel, sdist = distributions
    names = zipfile.ZipFile(wheel).namelist()
    assert "voxhost/py.typed" in names
    assert "voxhost/v1/run_service_pb2.pyi" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "test" in name or "__pycache__" in name]
    with tarfile.open(sdist) as archive:
        sources = archive.getnames()
    assert any(name.endswith("src/voxhost/__init__.py") for name in sources)
    assert any(name.endswith("tests/test_smoke.py") for name in sources)


def test_the_wheel_made_from_the_sdist_runs_the_readmes_first_example_in_an_empty_environment(
    distributions, address, tmp_path
):
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    named = readme.split('pip install "')[1].split('"')[0]  # What the README says, word for word, from the wheel.
    run(python, "-m", "pip", "install", "--quiet", f"{named} @ {distributions[0].as_uri()}")
    example = readme.split("```python\n")[1].split("```")[0]
    assert len(example.strip().splitlines()) <= 10
    example = example.replace("127.0.0.1:50151", address).replace("head-mri.nii.gz", HEAD_MRI.as_posix())
    said = run(python, "-c", example, cwd=tmp_path)
    assert "brain: 1963.9 mL" in said
    assert (tmp_path / "mask.nii.gz").stat().st_size > 1000
    installed = run(python, "-m", "pip", "list", "--format=json")
    assert not {"torch", "monai", "SimpleITK"} & {one["name"] for one in json.loads(installed)}


def test_the_readme_names_every_public_method_and_class():
    import voxhost

    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    methods = [name for name in dir(voxhost.Host) if not name.startswith("_") and name != "address"]
    assert [name for name in methods if f"host.{name}(" not in readme] == []
    errors = [name for name in voxhost.__all__ if isinstance(getattr(voxhost, name), type)]
    errors = [name for name in errors if issubclass(getattr(voxhost, name), Exception)]
    assert [name for name in errors if f"`{name}`" not in readme and f"voxhost.{name}" not in readme] == []


def test_types_are_strict_format_and_rules_hold_and_stubs_are_fresh():
    run(sys.executable, "-m", "mypy", "--strict", cwd=PACKAGE)
    run(sys.executable, "-m", "ruff", "check", ".", cwd=PACKAGE)
    run(sys.executable, "-m", "ruff", "format", "--check", ".", cwd=PACKAGE)
    run(sys.executable, ROOT / "scripts" / "proto-python.py", "--check")


def test_the_notebook_runs_cell_by_cell(address, tmp_path):
    notebook = json.loads((ROOT / "examples" / "python" / "brain_volume.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    script = "\n".join(cells).replace("127.0.0.1:50151", address)
    assert address in script
    (tmp_path / "notebook.py").write_text(script, encoding="utf-8")
    said = run(sys.executable, tmp_path / "notebook.py", cwd=ROOT / "examples" / "python")
    assert "1963.9 mL" in said
    (ROOT / "examples" / "python" / "mask.nii.gz").unlink()


def test_the_files_of_this_folder_are_all_python_39():
    """Compiled as Python 3.9 would have it, where 3.9 itself is not the one that runs."""
    import ast

    for path in Path(PACKAGE, "src").rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
