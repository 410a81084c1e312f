"""Lost connections: uploads and downloads go on where they stopped, runs are watched on, nothing is sent twice."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from conftest import BRAIN, COMMAND, HEAD_MRI, LONG, LONG_PARAMETERS, WORKFLOWS
from proxy import Proxy

import voxhost

MIB = 2**20


@pytest.fixture
def proxy(address):
    with Proxy(address) as opened:
        yield opened


def noise(mebibytes):
    """An image that no host has: new at every call."""
    voxels = np.random.default_rng().integers(0, 2**16, size=(256, 256, 8 * mebibytes), dtype=np.uint16)
    return voxhost.Image(np.asfortranarray(voxels), np.diag([1.0, 1.0, 2.0, 1.0]))


def test_an_upload_that_is_cut_twice_goes_on_from_what_the_host_has(host, proxy):
    image = noise(16)
    with voxhost.connect(proxy.address, timeout_s=60) as through:
        proxy.cut_after(up=[5 * MIB, 13 * MIB])
        volume = through.upload(image, compression="never")
    assert proxy.connections >= 3
    # What was on its way in windows and sockets is lost at each cut; never the whole.
    assert proxy.bytes_to_server < 2 * image.size_bytes
    assert volume.sha256 == image.sha256()
    assert np.array_equal(host.download(volume).array, image.array)


def test_an_image_that_is_there_is_not_sent_again(host, proxy):
    image = noise(4)
    first = host.upload(image)
    with voxhost.connect(proxy.address, timeout_s=60) as through:
        assert through.upload(voxhost.Image(np.ascontiguousarray(image.array), image.affine)).name == first.name
    assert proxy.bytes_to_server < 64 * 1024


def test_a_large_image_that_an_empty_host_cannot_have_is_hashed_while_it_goes_and_never_sent_twice():
    image = noise(24)
    turned = voxhost.Image(np.ascontiguousarray(image.array), image.affine)
    with voxhost.local(device="cpu", command=COMMAND) as empty, Proxy(empty.address) as proxy:
        with voxhost.connect(proxy.address, timeout_s=60) as through:
            proxy.cut_after(up=[9 * MIB])
            first = through.upload(turned)
            assert first.sha256 == image.sha256()
            sent = proxy.bytes_to_server
            assert image.size_bytes < sent < 2 * image.size_bytes
            assert through.upload(image).name == first.name
            assert proxy.bytes_to_server - sent < 64 * 1024
        assert np.array_equal(empty.download(first).array, image.array)


def test_what_cannot_be_hashed_ends_the_upload_with_its_own_error(monkeypatch):
    image = noise(24)
    monkeypatch.setattr(image, "sha256", lambda: 1 // 0)
    with voxhost.local(device="cpu", command=COMMAND) as empty, pytest.raises(ZeroDivisionError):
        empty.upload(image)


def test_a_download_that_is_cut_twice_goes_on_from_what_came(host, proxy):
    image = noise(16)
    volume = host.upload(image)
    with voxhost.connect(proxy.address, timeout_s=60) as through:
        proxy.cut_after(down=[5 * MIB, 13 * MIB])
        done = []
        read = through.download(volume, on_bytes=lambda now, total: done.append(now))
    assert proxy.connections >= 3
    assert proxy.bytes_to_client < 2 * image.size_bytes
    assert done == sorted(done)
    assert np.array_equal(read.array, image.array)


def test_a_run_goes_on_when_its_watcher_is_cut_off(proxy):
    stages = []
    with voxhost.connect(proxy.address, timeout_s=60) as through:

        def cut_once(progress):
            if progress.stage == "network" and "network" not in stages:
                proxy.cut()
            stages.append(progress.stage)

        run = through.run(LONG, HEAD_MRI, on_progress=cut_once)
    assert run.state == "succeeded"
    assert proxy.connections >= 2
    sequences = [stage for stage in stages if stage == "done"]
    assert len(sequences) == 1


def test_asyncio_resumes_as_well(host, proxy):
    image = noise(8)

    async def up_and_down():
        async with await voxhost.aio.connect(proxy.address, timeout_s=60) as through:
            proxy.cut_after(up=[3 * MIB])
            volume = await through.upload(image, compression="never")
            proxy.cut_after(down=[proxy.bytes_to_client + 3 * MIB])
            return await through.download(volume)

    assert np.array_equal(asyncio.run(up_and_down()).array, image.array)
    assert proxy.connections >= 3


def test_a_connection_that_a_proxy_cut_while_it_was_quiet_is_made_anew_by_the_next_call(proxy):
    with voxhost.connect(proxy.address, timeout_s=60) as through:
        for _ in range(20):
            proxy.cut()
            assert BRAIN in [workflow.name for workflow in through.workflows()]
        proxy.cut()
        assert through.run(BRAIN, HEAD_MRI, download=False).state == "succeeded"
    assert proxy.connections >= 20


def test_a_host_that_ends_in_the_middle_of_a_run_is_unavailable_in_a_sentence():
    with (
        voxhost.local(WORKFLOWS, device="cpu", command=COMMAND) as mine,
        Proxy(mine.address) as way,
        voxhost.connect(way.address, timeout_s=60) as through,
    ):

        def end(progress):
            if progress.stage == "network":
                way.close()

        with pytest.raises(voxhost.HostUnavailable, match=r"Is the host (still )?running"):
            through.run(LONG, HEAD_MRI, parameters=LONG_PARAMETERS, on_progress=end)
        # A host that cannot be told goes on: a run belongs to no connection.
        mine.cancel(mine.runs(limit=1)[0])


def test_a_host_that_stays_away_is_unavailable_after_several_attempts(proxy):
    image = noise(2)
    with voxhost.connect(proxy.address, timeout_s=60) as through:
        proxy.close()
        with pytest.raises(voxhost.HostUnavailable):
            through.upload(image)


def test_packed_chunks_carry_the_same_voxels(host):
    k = np.arange(64)[:, None, None] * np.arange(128)[None, :, None] + np.arange(96)[None, None, :]
    for dtype in (np.uint8, np.int16, np.float32, np.float64):
        image = voxhost.Image(k.astype(dtype), np.eye(4), modality=f"{np.random.default_rng().integers(2**31)}")
        image.array = image.array + dtype(np.random.default_rng().integers(100))
        volume = host.upload(image, compression="always")
        assert volume.sha256 == image.sha256()
        assert np.array_equal(host.download(volume).array, image.array)


def test_the_same_request_id_is_the_same_run(host):
    first = host.create_run(BRAIN, HEAD_MRI, request_id="python-tests-once")
    assert host.create_run(BRAIN, HEAD_MRI, request_id="python-tests-once").name == first.name
    host.wait(first)
