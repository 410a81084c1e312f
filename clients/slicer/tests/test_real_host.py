"""The whole way: scene, copy, thread, `voxhost` client, a real host, and back into the scene. No part is scripted."""

import os
import socket
from concurrent import futures

import nibabel
import numpy as np
import pytest
import slicer
from conftest import EXTENSION, HEAD_MRI, MONAI_MASK
from proxy import Proxy
from scenes import add_transform, add_volume, load_volume, merged_labels, oblique, segment_ids, set_voxels
from scripted_client import spin
from VoxhostLib.client.calls import Calls
from VoxhostLib.job.blocking import run_blocking
from VoxhostLib.job.connecting import Connecting
from VoxhostLib.job.items import Item, Request, plan_items
from VoxhostLib.job.pace import WAIT
from VoxhostLib.job.running import Running
from VoxhostLib.mrml import geometry
from VoxhostLib.mrml.measures import find_measures, read_measures
from VoxhostLib.mrml.scene_side import SceneSide
from VoxhostLib.mrml.segmentations import find_result
from VoxhostLib.mrml.sequences import frames_of

ADDRESS = os.environ.get("VOXHOST_TEST_HOST", "")
WORKFLOW = "brain_extraction_deepbet"

pytestmark = pytest.mark.skipif(not ADDRESS, reason="VOXHOST_TEST_HOST names no host")


def run(volume, address=ADDRESS, workflow=WORKFLOW, token="", parameters=None):
    return run_blocking(Calls(), volume, workflow, address, token, parameters or {}, lambda: None)


def verdict_of(address, token=""):
    connecting = Connecting(Calls(), lambda state: None)
    connecting.connect(address, token)
    spin(connecting)
    state = connecting.state
    connecting.close()
    return state


def test_the_head_mri_gets_monais_mask_voxel_for_voxel_with_its_volume_in_ml(scene, head_mri):
    (node,) = run(head_mri)
    expected = np.asanyarray(nibabel.load(MONAI_MASK).dataobj)
    found, _ = merged_labels(node, segment_ids(node))
    np.testing.assert_array_equal(found.T, expected)
    rows = read_measures(find_measures(scene, WORKFLOW))
    assert [(row[0], row[4], row[5]) for row in rows] == [("head-mri", "1963934", "1963.93")]


def test_a_second_run_is_put_in_place(scene, head_mri):
    (first,), (second,) = run(head_mri), run(head_mri)
    assert first is second and scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 1


def test_a_turned_head_gets_the_mask_that_monais_own_geometry_would_give_it(scene, head_mri):
    """Under a transform that turns and moves the head, and turns it back in the file, the world is as it was."""
    above = oblique(3, spacing=(1, 1, 1))
    own = geometry.index_to_ras(head_mri)
    head_mri.SetIJKToRASMatrix(geometry.to_vtk(np.linalg.inv(above) @ own))
    head_mri.SetAndObserveTransformNodeID(add_transform(scene, above).GetID())
    (node,) = run(head_mri)
    found, matrix = merged_labels(node, segment_ids(node))
    expected = np.asanyarray(nibabel.load(MONAI_MASK).dataobj)
    # The product of the two matrices differs from the file's in the last bits, so that a voxel may fall the other way.
    assert np.count_nonzero(found.T != expected) <= 5
    np.testing.assert_allclose(above @ matrix, own, atol=1e-6)


def test_progress_names_stages_of_the_host(scene, head_mri):
    states, calls = [], Calls()
    connecting = Connecting(calls, lambda state: None)
    connecting.connect(ADDRESS, "")
    spin(connecting)
    workflow = next(one for one in connecting.state.workflows if one.name == WORKFLOW)
    running = Running(calls, SceneSide(scene), states.append)
    running.start(connecting.state.host, Request(workflow, (Item(head_mri, {"image": [head_mri]}),)))
    spin(running)
    connecting.close()
    texts = [state.text for state in states]
    assert any(text.startswith("Network") for text in texts), texts
    assert texts[-1] == "Done." and all(0 <= state.fraction <= 1 for state in states if state.fraction is not None)


def test_cancel_ends_the_run_on_the_host_too(scene, head_mri):
    import voxhost

    calls = Calls()
    connecting = Connecting(calls, lambda state: None)
    connecting.connect(ADDRESS, "")
    spin(connecting)
    workflow = next(one for one in connecting.state.workflows if one.name == WORKFLOW)
    running = Running(calls, SceneSide(scene), lambda state: None)
    # A run takes half a second: one that ended before the cancel came is tried again.
    while running.state.ended != "cancelled":
        running.start(connecting.state.host, Request(workflow, (Item(head_mri, {"image": [head_mri]}),)))
        while running.pace not in (WAIT, None):
            running.tick()
        running.cancel()
        spin(running)
    connecting.close()
    with voxhost.connect(ADDRESS) as host:
        assert host.runs(limit=1)[0].state == "cancelled"


def apply(address, items, on_change=lambda state: None, parameters=None, workflow_name=WORKFLOW):
    """One press of Apply on a host: the states that the panel would have shown."""
    states, calls = [], Calls()
    connecting = Connecting(calls, lambda state: None)
    connecting.connect(address, "")
    spin(connecting)
    workflow = next(one for one in connecting.state.workflows if one.name == workflow_name)

    def changed(state):
        states.append(state)
        on_change(state)

    running = Running(calls, SceneSide(slicer.mrmlScene), changed)
    running.start(connecting.state.host, Request(workflow, items(workflow), parameters or {}))
    spin(running)
    connecting.close()
    return states


def test_a_batch_gives_each_volume_its_own_segmentation_and_rows_in_the_table(scene, head_mri):
    half = slicer.util.arrayFromVolume(head_mri).copy()
    half[:, :, 90:] = 0
    other = add_volume(scene, half, geometry.index_to_ras(head_mri), "half a head")
    chosen = {"image": [head_mri]}
    states = apply(ADDRESS, lambda workflow: plan_items(workflow, chosen, [other], lambda node: []))
    assert states[-1].ended == "succeeded", states[-1].text
    assert any(state.item == "2 of 2: half a head" for state in states)
    expected = np.asanyarray(nibabel.load(MONAI_MASK).dataobj)
    first = find_result(scene, "vtkMRMLSegmentationNode", head_mri, WORKFLOW, "pred")
    second = find_result(scene, "vtkMRMLSegmentationNode", other, WORKFLOW, "pred")
    np.testing.assert_array_equal(merged_labels(first, segment_ids(first))[0].T, expected)
    assert 0 < np.count_nonzero(merged_labels(second, segment_ids(second))[0]) != np.count_nonzero(expected)
    rows = read_measures(find_measures(scene, WORKFLOW))
    assert [row[0] for row in rows] == ["head-mri", "half a head"]


def test_a_sequence_is_run_frame_by_frame_and_each_frame_shows_its_own_mask(scene, head_mri):
    """The first frame is the head MRI, so that its mask is MONAI's; the second is half of it, on the same place."""
    whole = slicer.util.arrayFromVolume(head_mri)
    half = whole.copy()
    half[:, :, 90:] = 0
    sequence = scene.AddNewNodeByClass("vtkMRMLSequenceNode", "heads")
    for number, voxels in enumerate((whole, half)):
        frame = slicer.vtkMRMLScalarVolumeNode()
        set_voxels(frame, voxels)
        frame.SetIJKToRASMatrix(geometry.to_vtk(geometry.index_to_ras(head_mri)))
        sequence.SetDataNodeAtValue(frame, str(number))
    browser = scene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", "browser")
    browser.SetAndObserveMasterSequenceNodeID(sequence.GetID())
    slicer.vtkSlicerSequencesLogic().UpdateProxyNodesFromSequences(browser)
    proxy = browser.GetProxyNode(sequence)

    states = apply(ADDRESS, lambda workflow: plan_items(workflow, {"image": [proxy]}, [], frames_of))
    assert states[-1].ended == "succeeded", states[-1].text
    (results,) = [
        node
        for node in map(scene.GetNodesByClass("vtkMRMLSequenceNode").GetItemAsObject, range(2))
        if node is not sequence
    ]
    assert results.GetNumberOfDataNodes() == 2
    first, second = (results.GetNthDataNode(number) for number in range(2))
    expected = np.asanyarray(nibabel.load(MONAI_MASK).dataobj)
    np.testing.assert_array_equal(merged_labels(first, segment_ids(first))[0].T, expected)
    assert 0 < np.count_nonzero(merged_labels(second, segment_ids(second))[0]) != np.count_nonzero(expected)
    assert [row[0] for row in read_measures(find_measures(scene, WORKFLOW))] == [proxy.GetName()] * 2


def test_a_host_that_goes_in_the_middle_of_a_run_is_said_and_the_scene_stays_as_it_was(scene, head_mri):
    with Proxy(ADDRESS) as way:

        def cut(state):
            if state.text.startswith("Network"):
                way.close()

        def one(workflow):
            return (Item(head_mri, {"image": [head_mri]}),)

        parameters = {"overlap": 0.9, "sw_batch_size": 1}
        states = apply(way.address, one, cut, parameters, "brain_extraction_mri")
        assert states[-1].ended == "failed"
        assert "Unreachable" in states[-1].text or "connection" in states[-1].text or "No host" in states[-1].text
    assert scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 0
    import voxhost

    with voxhost.connect(ADDRESS) as host:
        host.cancel(host.runs(limit=1)[0])  # nobody could tell the host
    (node,) = run(head_mri)
    assert node is not None, "the module works on"


@pytest.fixture
def answering(request):
    """A gRPC server that answers `GetHostInfo` as the test says: (address of it)."""
    import grpc
    from voxhost.v1 import host_service_pb2, host_service_pb2_grpc

    class Service(host_service_pb2_grpc.HostServiceServicer):
        def GetHostInfo(self, message, context):  # noqa: N802
            if isinstance(request.param, grpc.StatusCode):
                context.abort(request.param, "said by the test")
            least, most = request.param
            return host_service_pb2.HostInfo(version="9", protocol_version_min=least, protocol_version_max=most)

    server = grpc.server(futures.ThreadPoolExecutor(1))
    host_service_pb2_grpc.add_HostServiceServicer_to_server(Service(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.mark.parametrize("answering", [(7, 9)], indirect=True)
def test_a_host_of_another_protocol_is_said_with_what_to_update(answering):
    state = verdict_of(answering)
    assert state.phase == "refused" and state.verdict.startswith("Another version") and "Update" in state.verdict


TOKEN_ADDRESS, TOKEN = os.environ.get("VOXHOST_TEST_TOKEN_HOST", ""), os.environ.get("VOXHOST_TEST_TOKEN", "")


@pytest.mark.parametrize("token, phase", [("", "refused"), ("wrong", "refused"), (TOKEN, "connected")])
def test_a_host_that_wants_a_token_says_so_and_takes_the_right_one(token, phase):
    state = verdict_of(TOKEN_ADDRESS, token)
    assert state.phase == phase, state.verdict
    assert phase == "connected" or (state.verdict.startswith("Token") and "token" in state.verdict.lower())


def test_a_parameter_out_of_range_is_the_hosts_own_sentence(scene, head_mri):
    with pytest.raises(RuntimeError, match="no_such"):
        run(head_mri, parameters={"no_such": 1})


def test_a_small_oblique_volume_of_floats_goes_through(scene):
    volume = add_volume(scene, np.random.default_rng(0).random((20, 24, 28)).astype(np.float32), oblique(8))
    (node,) = run(volume)
    found, matrix = merged_labels(node, segment_ids(node))
    assert found.shape == (20, 24, 28)
    np.testing.assert_allclose(matrix, geometry.index_to_ras(volume), atol=1e-9)


def test_a_deployed_host_names_itself_and_its_workflows():
    state = verdict_of(ADDRESS)
    assert state.phase == "connected" and state.verdict.startswith("Connected to Voxhost ")
    assert WORKFLOW in [workflow.name for workflow in state.workflows]


def test_where_nothing_listens_the_verdict_is_unreachable():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    state = verdict_of(address)
    assert state.phase == "refused" and state.verdict.startswith("Unreachable") and address in state.verdict


def test_an_address_that_is_none_is_said():
    state = verdict_of("not an address")
    assert state.phase == "refused" and "host:port" in state.verdict


def test_the_image_is_that_of_the_file_for_the_client_too(scene):
    """What the module sends has the digest that the client computes for the file itself: the same bytes, the same place."""
    import voxhost
    from VoxhostLib.client.calls import image_of
    from VoxhostLib.mrml.snapshot import Snapshot

    snapshot = Snapshot([load_volume(scene, HEAD_MRI, "head")])
    while (voxels := snapshot.step()) is None:
        pass
    file = nibabel.load(HEAD_MRI)
    expected = voxhost.Image(np.asanyarray(file.dataobj), file.affine)
    sent = image_of(voxels)
    assert sent.sha256() == expected.sha256()
    np.testing.assert_allclose(sent.affine_lps, expected.affine_lps, atol=1e-6)
    assert np.shares_memory(sent.array, voxels.array), "nothing was copied"


def test_one_click_starts_a_host_here_and_leaving_ends_it():
    import threading

    from VoxhostLib.client.local_plan import plan_local

    module_file = str(EXTENSION / "Voxhost" / "Voxhost.py")
    connecting = Connecting(Calls(plan_local(module_file)), lambda state: None)
    connecting.start_local()
    spin(connecting)
    state = connecting.state
    assert state.phase == "connected" and state.local, state.verdict
    assert WORKFLOW in [workflow.name for workflow in state.workflows] and "examples" in state.verdict
    connecting.close()
    for thread in threading.enumerate():
        if thread.name == "voxhost-leave":
            thread.join()
    assert verdict_of(state.address).phase == "refused"
