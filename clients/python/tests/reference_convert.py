"""voxhost.convert with MONAI and PyTorch: run by test/clients/python/convert.test.ts with VOXHOST_MONAI_PYTHON."""

from __future__ import annotations

import json

import nibabel
import numpy as np
import pytest
import torch
from make_convert_golden import GOLDEN, monai_mask, write_bundle, write_image

from voxhost.convert.__main__ import main


@pytest.fixture
def bundle(tmp_path):
    write_bundle(tmp_path / "bundle")
    return tmp_path / "bundle"


def record(bundle):
    return json.loads((bundle / "configs" / "metadata.json").read_text())["voxhost"]["onnx"]


def test_weights_become_a_network_that_agrees_on_random_and_on_real_windows(bundle, tmp_path, capsys):
    write_image(tmp_path / "image.nii.gz")
    assert main([str(bundle), "--image", str(tmp_path / "image.nii.gz")]) == 0
    assert "window of image.nii.gz" in capsys.readouterr().out
    assert [one["differing_classes"] for one in record(bundle)["comparisons"]] == [0, 0, 0]


def test_torchscript_becomes_the_same_network(bundle):
    from voxhost.convert.network import load_network
    from voxhost.convert.plan import plan_conversion

    network = load_network(plan_conversion(bundle))
    torch.jit.trace(network, torch.zeros(1, 1, 24, 24, 24)).save(str(bundle / "models" / "model.ts"))
    (bundle / "models" / "model.pt").unlink()
    assert main([str(bundle)]) == 0
    assert record(bundle)["source"] == "model.ts"
    assert record(bundle)["comparisons"][1]["differing_classes"] == 0


def test_monai_still_gives_the_committed_mask():
    """The oracle of test_convert.py, made anew from the committed weights."""
    mask = monai_mask(GOLDEN, GOLDEN.parent / "image.nii.gz")
    assert np.array_equal(mask, np.asarray(nibabel.load(GOLDEN.parent / "mask.nii.gz").dataobj))


def test_weights_of_another_network_are_refused_and_nothing_is_left(bundle, capsys):
    torch.save({"model": {"other.weight": torch.zeros(3)}}, bundle / "models" / "model.pt")
    assert main([str(bundle)]) == 1
    said = capsys.readouterr().err
    assert "does not fit" in said
    assert "network_def" in said
    assert not list((bundle / "models").glob("model.onnx*"))


class Hostile:
    def __reduce__(self):
        return (open, ("written-by-a-checkpoint", "w"))


def test_a_checkpoint_with_code_in_it_is_refused_and_not_run(bundle, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    torch.save({"model": Hostile()}, bundle / "models" / "model.pt")
    assert main([str(bundle)]) == 1
    assert "never code" in capsys.readouterr().err
    assert not (tmp_path / "written-by-a-checkpoint").exists()


def test_a_network_that_has_no_form_in_onnx_is_refused_in_a_sentence(bundle, capsys):
    config = json.loads((bundle / "configs" / "inference.json").read_text())
    config["network_def"] = {"_target_": "torch.nn.LSTM", "input_size": 4, "hidden_size": 2}
    (bundle / "configs" / "inference.json").write_text(json.dumps(config))
    torch.save(torch.nn.LSTM(4, 2).state_dict(), bundle / "models" / "model.pt")
    assert main([str(bundle)]) == 1
    assert "Not converted." in capsys.readouterr().err
    assert not list((bundle / "models").glob("model.onnx*"))
