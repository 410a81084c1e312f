"""Runs on the real head MRI: every kind of image, progress, parameters, errors, threads, processes."""

from __future__ import annotations

import asyncio
import inspect
import multiprocessing
import pickle
import threading
import zipfile

import itk
import nibabel
import numpy as np
import pytest
import SimpleITK
from conftest import BRAIN, EXPECTED, HEAD_MRI, LONG, WORKFLOWS

import voxhost


@pytest.fixture(scope="module")
def expected():
    return np.asarray(nibabel.load(EXPECTED / "head-mri_deepbet_onnx.nii.gz").dataobj)


@pytest.mark.parametrize("kind", ["nibabel", "simpleitk", "itk", "tuple", "image", "volume"])
def test_every_kind_of_image_gives_the_same_mask_as_what_was_put_in(host, expected, kind):
    nib = nibabel.load(HEAD_MRI)
    source, read = {
        "nibabel": lambda: (nib, lambda found: np.asarray(found.dataobj)),
        "simpleitk": lambda: (SimpleITK.ReadImage(str(HEAD_MRI)), lambda found: SimpleITK.GetArrayFromImage(found).T),
        "itk": lambda: (itk.imread(str(HEAD_MRI)), lambda found: itk.array_from_image(found).T),
        "tuple": lambda: ((np.asarray(nib.dataobj), nib.affine), lambda found: found[0]),
        "image": lambda: (voxhost.Image(np.asarray(nib.dataobj), nib.affine), lambda found: found.array),
        "volume": lambda: (host.upload(HEAD_MRI), lambda found: found.array),
    }[kind]()
    run = host.run(BRAIN, source)
    assert np.array_equal(read(run.image), expected)
    if kind not in ("volume", "tuple"):
        assert type(run.image) is type(source) or kind == "itk"


def test_a_dict_names_the_inputs(host, expected):
    assert np.array_equal(host.run(BRAIN, {"image": HEAD_MRI}).outputs["pred"].array, expected)


def test_progress_comes_in_order_in_the_callers_thread(host):
    seen, threads = [], set()
    image = nibabel.load(HEAD_MRI)
    voxels = np.asarray(image.dataobj).copy()
    voxels[0, 0, 0] ^= 1 + np.random.default_rng().integers(100, dtype=np.uint8)  # one that the host has not

    def note(progress):
        seen.append(progress)
        threads.add(threading.get_ident())

    host.run(BRAIN, (voxels, image.affine), on_progress=note)
    phases = list(dict.fromkeys(progress.phase for progress in seen))
    assert [phase for phase in phases if phase != "queue"] == ["upload", "run", "download"]
    assert threads == {threading.get_ident()}
    fractions = [progress.fraction for progress in seen if progress.phase == "run"]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert any("network" in str(progress) for progress in seen)
    assert all(str(progress) for progress in seen)


def test_a_bar_shows_the_run(host, capsys):
    host.run(BRAIN, HEAD_MRI, progress=True)
    assert "100%" in capsys.readouterr().err


def test_parameters_are_taken_and_refused_by_name(host):
    run = host.run(LONG, HEAD_MRI, parameters={"overlap": 0.25}, download=False)
    assert run.parameters["overlap"] == 0.25
    with pytest.raises(voxhost.VoxhostError, match="not downloaded"):
        _ = run.array
    for parameters, said in (({"overlap": 2}, "overlap"), ({"speed": 1}, "speed"), ({"overlap": None}, "overlap")):
        with pytest.raises(voxhost.InvalidInput, match=said):
            host.run(LONG, HEAD_MRI, parameters=parameters)


def test_an_image_that_does_not_fit_is_refused_in_a_sentence(host):
    with pytest.raises(voxhost.InvalidInput, match=r"."):
        host.run(BRAIN, (np.zeros((8, 8, 8, 2), np.float32), np.eye(4)))
    with pytest.raises(voxhost.InvalidInput, match="nothing-like-it"):
        host.run(BRAIN, {"nothing-like-it": HEAD_MRI})


def test_volumes_runs_and_events_can_be_asked_for(host):
    run = host.run(BRAIN, HEAD_MRI)
    assert host.get_run(run).state == "succeeded"
    assert run.name in [one.name for one in host.runs(limit=1000)]
    events = list(host.watch_run(run))
    assert events[-1].kind == "succeeded"
    assert events[-1].is_last
    sequences = [event.sequence for event in events]
    assert sequences == sorted(set(sequences))
    assert [event.sequence for event in host.watch_run(run, after_sequence=sequences[-2])] == sequences[-1:]
    volume = host.volume(run.output.volume.name)
    assert volume == run.output.volume
    host.delete_run(run)
    with pytest.raises(voxhost.NotFound):
        host.get_run(run)


def test_a_deleted_volume_is_not_found(host):
    volume = host.upload((np.random.default_rng().normal(size=(5, 6, 7)), np.eye(4)))
    host.delete_volume(volume)
    with pytest.raises(voxhost.NotFound):
        host.download(volume)


def test_a_bundle_is_deployed_from_a_folder_and_from_a_zip_and_taken_away(host, tmp_path):
    from voxhost._flows.deploy import zip_folder

    first = host.deploy("from-python", WORKFLOWS / "brain_extraction_mri")
    assert first.state == "ready"
    (tmp_path / "bundle.zip").write_bytes(b"".join(zip_folder(WORKFLOWS / "brain_extraction_mri", "bundle")))
    assert zipfile.ZipFile(tmp_path / "bundle.zip").testzip() is None
    assert host.deploy("from-python", tmp_path / "bundle.zip").state == "ready"
    host.undeploy("from-python")
    with pytest.raises(voxhost.NotFound):
        host.workflow("from-python")
    with pytest.raises(voxhost.InvalidInput, match=r"its \.zip"):
        host.deploy("from-python", tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(voxhost.VoxhostError, match=r"."):
        host.deploy("from-python", tmp_path / "empty")


def test_many_threads_use_one_host(host, expected):
    results = []
    threads = [threading.Thread(target=lambda: results.append(host.run(BRAIN, HEAD_MRI).array)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert all(np.array_equal(found, expected) for found in results)


def names(host):
    return [workflow.name for workflow in host.workflows()]


def test_a_pickled_host_connects_anew_here_and_in_a_spawned_process(host):
    assert names(pickle.loads(pickle.dumps(host))) == names(host)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(names, (host,)) == names(host)


def test_asyncio_has_the_same_names_and_arguments():
    def public(kind):
        return {name: member for name, member in inspect.getmembers(kind) if not name.startswith("_")}

    blocking, asynchronous = public(voxhost.Host), public(voxhost.aio.Host)
    assert blocking.keys() == asynchronous.keys()
    for name, member in blocking.items():
        if callable(member):
            takes = [one for one in inspect.signature(member).parameters if one != "stop"]
            assert takes == list(inspect.signature(asynchronous[name]).parameters), name
    assert inspect.signature(voxhost.connect).parameters == inspect.signature(voxhost.aio.connect).parameters


def test_asyncio_runs_watches_and_lists_at_once(address, expected):
    async def all_at_once():
        async with await voxhost.aio.connect(address, timeout_s=60) as host:
            seen = []
            first, second, listed = await asyncio.gather(
                host.run(BRAIN, HEAD_MRI, on_progress=seen.append),
                host.run(BRAIN, nibabel.load(HEAD_MRI)),
                host.workflows(),
            )
            events = [event.kind async for event in host.watch_run(first)]
            volume = await host.upload((np.zeros((3, 3, 3), np.uint8), np.eye(4)))
            image = await host.download(volume)
            return first, second, listed, seen, events, image

    first, second, listed, seen, events, image = asyncio.run(all_at_once())
    assert np.array_equal(first.array, expected)
    assert np.array_equal(np.asarray(second.image.dataobj), expected)
    assert len(listed) >= 2
    assert {progress.phase for progress in seen} >= {"run", "download"}
    assert events[-1] == "succeeded"
    assert image.sizes == (3, 3, 3)
