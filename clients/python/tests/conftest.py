"""The host that all tests share: the one at VOXHOST_TEST_HOST, or one of this checkout started for them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator

import pytest

import voxhost

ROOT = Path(__file__).resolve().parents[3]
HEAD_MRI = ROOT / "examples" / "images" / "head-mri.nii.gz"
WORKFLOWS = ROOT / "examples" / "workflows"
EXPECTED = ROOT / "test" / "fixtures" / "expected"
#: `voxhost` of this checkout.
COMMAND = ["node", "--import=tsx", str(ROOT / "clients" / "cli" / "main.ts")]
#: A workflow whose windows make a run last, and how.
LONG = "brain_extraction_mri"
LONG_PARAMETERS = {"overlap": 0.9, "sw_batch_size": 1}
BRAIN = "brain_extraction_deepbet"


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    given = os.environ.get("VOXHOST_TEST_HOST")
    if given:
        yield given
        return
    os.chdir(ROOT)  # node finds tsx in the checkout
    with voxhost.local(WORKFLOWS, device="cpu", command=COMMAND) as host:
        yield host.address


@pytest.fixture
def host(address: str) -> Iterator[voxhost.Host]:
    with voxhost.connect(address, timeout_s=60) as connected:
        yield connected
