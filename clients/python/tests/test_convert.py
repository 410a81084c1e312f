"""voxhost.convert without PyTorch: its plan, its refusals, and the committed bundle that it made.

The bundle comes from make_convert_golden.py. What needs PyTorch is in reference_convert.py, run by
test/clients/python/convert.test.ts where there is one.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nibabel
import numpy as np
import pytest
from conftest import WORKFLOWS

from voxhost.convert import ConversionError, plan_conversion
from voxhost.convert.__main__ import main

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def bundle(tmp_path):
    """A bundle as the zoo ships them: no ONNX."""
    folder = tmp_path / "bundle"
    shutil.copytree(GOLDEN / "converted", folder)
    (folder / "models" / "model.onnx").unlink()
    return folder


def edit(path, change):
    parsed = json.loads(path.read_text())
    change(parsed)
    path.write_text(json.dumps(parsed))


def test_the_host_gives_monais_mask_from_the_converted_network(host):
    host.deploy("converted-by-python", GOLDEN / "converted")
    try:
        run = host.run("converted-by-python", GOLDEN / "image.nii.gz")
        expected = nibabel.load(GOLDEN / "mask.nii.gz")
        mask = np.asarray(expected.dataobj)
        assert 0.1 < np.count_nonzero(mask) / mask.size < 0.9
        assert np.count_nonzero(run.array != mask) == 0
        assert np.array_equal(run.image.affine, expected.affine)
    finally:
        host.undeploy("converted-by-python")


def test_the_record_names_the_files_that_are_there_and_says_how_well_they_agree():
    record = json.loads((GOLDEN / "converted" / "configs" / "metadata.json").read_text())["voxhost"]["onnx"]
    for name, key in (("model.onnx", "sha256"), (record["source"], "source_sha256")):
        data = (GOLDEN / "converted" / "models" / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == record[key]
    names = [one["name"] for one in record["comparisons"]]
    assert names == ["random, batch 1", "random, batch 2", "window of image.nii.gz"]
    for one in record["comparisons"]:
        assert one["largest_difference"] <= record["tolerance"] * one["largest_value"]
        assert one["differing_classes"] == 0


def test_the_plan_says_which_files_network_and_window(bundle):
    plan = plan_conversion(bundle)
    assert plan.weights.name == "model.pt"
    assert (plan.network_key, plan.channels, plan.window) == ("network_def", 1, (24, 24, 24))
    assert (plan.input_name, plan.output_names) == ("image", ("pred",))
    assert plan_conversion(bundle, window=(16, 16, 16)).window == (16, 16, 16)


def test_a_window_that_a_config_leaves_free_gets_a_size(bundle):
    edit(bundle / "configs" / "inference.json", lambda config: config["inferer"].update(roi_size=[32, 0, -1]))
    assert plan_conversion(bundle).window == (32, 64, 64)


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("inference.json", lambda c: c.pop("network_def") and c.pop("network"), "network_def, network, net"),
        ("metadata.json", lambda m: m.pop("network_data_format"), "network_data_format"),
        ("metadata.json", lambda m: m["network_data_format"]["inputs"].update(second={}), "takes 2 tensors"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_file_and_key(bundle, file, change, said):
    edit(bundle / "configs" / file, change)
    with pytest.raises(ConversionError, match=said) as caught:
        plan_conversion(bundle)
    assert file in str(caught.value)


@pytest.mark.parametrize("gone", ["configs/inference.json", "configs/metadata.json", "models/model.pt"])
def test_a_file_that_is_missing_is_named(bundle, gone):
    (bundle / gone).unlink()
    with pytest.raises(ConversionError, match=gone):
        plan_conversion(bundle)


def test_a_model_that_is_there_is_not_written_over(capsys):
    before = (WORKFLOWS / "brain_extraction_mri" / "models" / "model.onnx").stat().st_mtime_ns
    weights = GOLDEN / "converted" / "models" / "model.pt"
    assert main([str(WORKFLOWS / "brain_extraction_mri"), "--weights", str(weights)]) == 1
    assert "--force" in capsys.readouterr().err
    assert (WORKFLOWS / "brain_extraction_mri" / "models" / "model.onnx").stat().st_mtime_ns == before


def test_without_pytorch_the_command_says_what_to_install(bundle):
    """In a Python that sees no PyTorch, whatever this one has."""
    script = (
        "import importlib.util, sys; found = importlib.util.find_spec; "
        "import voxhost.convert.__main__ as command; "
        "command.find_spec = lambda name: None if name == 'torch' else found(name); "
        "sys.exit(command.main(sys.argv[1:]))"
    )
    done = subprocess.run([sys.executable, "-c", script, str(bundle)], capture_output=True, encoding="utf-8")
    assert done.returncode == 1
    assert "pip install" in done.stderr
    assert "torch" in done.stderr
    assert not (bundle / "models" / "model.onnx").exists()
