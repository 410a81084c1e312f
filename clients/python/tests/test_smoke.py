"""What every Python from 3.9 to 3.13 must do: import, run on the real MRI, and get MONAI's mask to the byte."""

from __future__ import annotations

import subprocess
import sys

import nibabel
import numpy as np
from conftest import BRAIN, EXPECTED, HEAD_MRI

import voxhost


def test_a_path_gives_monais_mask_byte_for_byte_in_the_geometry_of_the_image(host, tmp_path):
    run = host.run(BRAIN, HEAD_MRI)
    expected = nibabel.load(EXPECTED / "head-mri_deepbet_onnx.nii.gz")
    voxels = np.asarray(expected.dataobj)
    assert run.array.dtype == voxels.dtype
    assert run.array.tobytes("F") == voxels.tobytes("F")
    assert np.array_equal(run.image.affine, expected.affine)
    assert run.segments[0].name == "brain"
    assert run.segments[0].voxel_count == np.count_nonzero(voxels)

    run.save(tmp_path / "mask.nii.gz")
    saved = nibabel.load(tmp_path / "mask.nii.gz")
    assert np.array_equal(np.asarray(saved.dataobj), voxels)
    assert np.array_equal(saved.affine, expected.affine)


def test_asyncio_gives_the_same(address):
    import asyncio

    async def mask():
        async with await voxhost.aio.connect(address, timeout_s=60) as host:
            return (await host.run(BRAIN, HEAD_MRI)).array

    expected = nibabel.load(EXPECTED / "head-mri_deepbet_onnx.nii.gz")
    assert np.array_equal(asyncio.run(mask()), np.asarray(expected.dataobj))


def test_importing_and_connecting_loads_no_numpy(address):
    script = (
        f"import sys, voxhost; voxhost.connect({address!r}, timeout_s=60).workflows(); print('numpy' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, encoding="utf-8")
    assert found.stdout.strip() == "False"
