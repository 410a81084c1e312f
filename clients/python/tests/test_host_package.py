"""pip install voxhost[host]: the host and Node from wheels alone, started by voxhost.local() and ended with it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile

from conftest import HEAD_MRI, ROOT, WORKFLOWS

PACKAGE = ROOT / "clients" / "python"

SCRIPT = """
import sys, voxhost
with voxhost.local(sys.argv[1], device="cpu") as host:
    run = host.run("brain_extraction_deepbet", sys.argv[2])
    print("pid", host._on_close.__self__._process.pid)
    print("voxels", run.segments[0].voxel_count)
"""


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, encoding="utf-8", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def is_running(pid):
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def test_the_host_of_the_wheel_runs_with_the_node_of_a_wheel_where_no_node_is_installed(tmp_path):
    for folder in (PACKAGE, PACKAGE / "host"):
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", folder)
    (wheel,) = (tmp_path / "dist").glob("voxhost_host-*.whl")
    assert "none-any" not in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    assert "voxhost_host/package/dist/clients/cli/main.js" in names
    assert len({name.split("/bin/")[1].split("/")[1] for name in names if "onnxruntime-node/bin/" in name}) == 1
    assert wheel.stat().st_size < 100 * 2**20

    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    links = ("--find-links", tmp_path / "dist")
    run(python, "-m", "pip", "install", "--quiet", *links, "voxhost[host,nibabel]==0.1.0")
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PATH")}
    said = run(python, "-c", SCRIPT, WORKFLOWS, HEAD_MRI, cwd=tmp_path, env={**env, "PATH": str(tmp_path)})
    found = dict(line.split() for line in said.splitlines())
    assert found["voxels"] == "1963934"
    assert not is_running(int(found["pid"]))
