"""What one press of Apply does, with the scene real and the host scripted: order, failures, cancel, nodes that go."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest
import slicer
from scenes import add_volume, merged_labels
from scripted_client import WORKFLOW, ScriptedClient, spin
from VoxhostLib.job.blocking import run_blocking
from VoxhostLib.job.connecting import Connecting
from VoxhostLib.job.items import Item, Request, plan_items
from VoxhostLib.job.pace import TRANSFER, WAIT
from VoxhostLib.job.running import Progress, Running
from VoxhostLib.mrml import labels as label_maps
from VoxhostLib.mrml import scene_side


def result(voxels, value=1):
    """A label map with one voxel, as the job's thread hands it back."""
    one = voxels["image"]
    found = np.zeros(one.array.shape, np.uint8)
    found[1, 1, 1] = value
    declared = [SimpleNamespace(value=1, name="brain", color=(1, 2, 3), terminology=None)]
    return [("pred", label_maps.make_dense(found, one.facts.index_to_lps, "pred", declared, lambda _: ""))]


def answers(voxels, task):
    return result(voxels)


def fails(voxels, task):
    raise RuntimeError("the disk is full")


def hangs(started):
    """Works until it is told to stop."""

    def run(voxels, task):
        task.tell(Progress("computing", "Network 1 of 8", 0.1))
        started.set()
        task.cancelled.wait()
        task.check()

    return run


@pytest.fixture
def states():
    return []


def make(scene, client, states):
    return Running(client, scene_side.SceneSide(scene), states.append)


def request(*volumes):
    return Request(WORKFLOW, tuple(Item(volume, {"image": [volume]}) for volume in volumes))


def volume(scene, name="head"):
    return add_volume(scene, np.ones((3, 4, 5), np.int16), name=name)


def tick_until(running, wanted):
    while not wanted():
        running.tick()


def test_the_work_is_done_on_a_thread_of_its_own_and_the_result_is_put_into_the_scene(scene, states):
    client = ScriptedClient(answers)
    running = make(scene, client, states)
    running.start(None, request(volume(scene)))
    spin(running)
    assert client.threads == ["voxhost-run"]
    assert (states[-1].ended, states[-1].text, states[-1].busy) == ("succeeded", "Done.", False)
    node = scene.GetFirstNodeByClass("vtkMRMLSegmentationNode")
    assert merged_labels(node, ["pred_1"])[0].sum() == 1
    assert scene.GetFirstNodeByClass("vtkMRMLTableNode").GetNumberOfRows() == 1


def test_what_the_thread_tells_is_shown_and_sets_the_pace(scene, states):
    gates = [threading.Event() for _ in range(2)]

    def run(voxels, task):
        task.tell(Progress("sending", "Sending 3 MiB", 0.5))
        gates[0].wait()
        task.tell(Progress("computing", "Network 2 of 8", 0.25))
        gates[1].wait()
        return result(voxels)

    running = make(scene, ScriptedClient(run), states)
    running.start(None, request(volume(scene)))
    tick_until(running, lambda: running.state.text == "Sending 3 MiB")
    assert running.state.fraction == 0.5 and running.pace == TRANSFER
    gates[0].set()
    tick_until(running, lambda: running.state.text == "Network 2 of 8")
    assert running.pace == WAIT
    gates[1].set()
    spin(running)
    assert running.pace is None and states[-1].ended == "succeeded"


def test_a_failure_is_shown_as_its_sentence(scene, states):
    running = make(scene, ScriptedClient(fails), states)
    running.start(None, request(volume(scene)))
    spin(running)
    assert (states[-1].ended, states[-1].text) == ("failed", "the disk is full")
    assert scene.GetFirstNodeByClass("vtkMRMLSegmentationNode") is None


def test_in_a_batch_one_failure_does_not_stop_the_others(scene, states):
    running = make(scene, ScriptedClient(answers, fails, answers), states)
    running.start(None, request(*(volume(scene, name) for name in "abc")))
    spin(running)
    assert states[-1].text == "2 of 3 done. 1 failed: the disk is full"
    assert scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 2
    assert {state.item for state in states if state.item} == {"1 of 3: a", "2 of 3: b", "3 of 3: c"}


def test_cancel_stops_the_work_and_what_was_to_follow(scene, states):
    started = threading.Event()
    client = ScriptedClient(hangs(started))
    running = make(scene, client, states)
    running.start(None, request(volume(scene, "a"), volume(scene, "b")))
    tick_until(running, started.is_set)
    running.cancel()
    assert running.state.cancelling and running.state.busy
    running.cancel()
    spin(running)
    assert (states[-1].ended, states[-1].text, len(client.threads)) == ("cancelled", "Cancelled.", 1)


def test_cancel_before_the_voxels_are_copied_sends_nothing(scene, states):
    client = ScriptedClient(answers)
    running = make(scene, client, states)
    running.start(None, request(volume(scene)))
    running.cancel()
    spin(running)
    assert states[-1].ended == "cancelled" and client.threads == []


def test_cancel_ends_what_the_thread_waits_for(scene, states):
    stopped, started = threading.Event(), threading.Event()

    def run(voxels, task):
        task.stop_with(stopped.set)
        started.set()
        stopped.wait()
        raise ConnectionError("the call was cancelled")

    running = make(scene, ScriptedClient(run), states)
    running.start(None, request(volume(scene)))
    tick_until(running, started.is_set)
    running.cancel()
    spin(running)
    assert states[-1].ended == "cancelled"


def test_a_host_that_does_not_answer_a_cancel_is_left_to_itself(scene, states, monkeypatch):
    monkeypatch.setattr("VoxhostLib.job.running.CANCEL_PATIENCE_S", 0.0)
    started, never = threading.Event(), threading.Event()

    def run(voxels, task):
        started.set()
        never.wait()

    running = make(scene, ScriptedClient(run), states)
    running.start(None, request(volume(scene)))
    tick_until(running, started.is_set)
    running.cancel()
    spin(running)
    assert states[-1].ended == "cancelled" and not never.is_set()
    never.set()


def test_a_volume_that_is_removed_during_its_run_stops_it_and_the_next_one_goes_on(scene, states):
    started = threading.Event()
    running = make(scene, ScriptedClient(hangs(started), answers), states)
    first, second = volume(scene, "first"), volume(scene, "second")
    running.start(None, request(first, second))
    tick_until(running, started.is_set)
    scene.RemoveNode(first)
    spin(running)
    assert "1 of 2 done. 1 failed: first was removed from the scene" in states[-1].text
    assert scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 1


def test_a_volume_that_is_removed_before_its_turn_fails_alone(scene, states):
    started = threading.Event()
    running = make(scene, ScriptedClient(hangs(started), answers), states)
    first, second, third = (volume(scene, name) for name in ("first", "second", "third"))
    running.start(None, request(first, second, third))
    tick_until(running, started.is_set)
    scene.RemoveNode(third)
    scene.RemoveNode(first)
    spin(running)
    assert "third is not in the scene any more" in " ".join(running._failures)
    assert states[-1].text.startswith("1 of 3 done. 2 failed")


def test_closing_the_scene_stops_everything_and_leaves_the_new_scene_alone(scene, states):
    started = threading.Event()
    client = ScriptedClient(hangs(started), answers)
    running = make(scene, client, states)
    running.start(None, request(volume(scene, "a"), volume(scene, "b")))
    tick_until(running, started.is_set)
    scene.Clear(False)
    spin(running)
    assert (states[-1].ended, states[-1].text) == ("cancelled", "The scene was closed.")
    assert len(client.threads) == 1 and scene.GetFirstNodeByClass("vtkMRMLSegmentationNode") is None


def test_a_volume_without_an_image_fails_with_its_name(scene, states):
    running = make(scene, ScriptedClient(answers), states)
    running.start(None, request(scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty")))
    spin(running)
    assert states[-1].text == "empty has no image."


def test_a_result_that_cannot_be_placed_fails_the_item_not_the_module(scene, states):
    running = make(scene, ScriptedClient(lambda voxels, task: [("pred", None)], answers), states)
    running.start(None, request(volume(scene, "a"), volume(scene, "b")))
    spin(running)
    assert states[-1].text.startswith("1 of 2 done. 1 failed")


def test_a_second_request_may_follow_the_first_and_not_overtake_it(scene, states):
    running = make(scene, ScriptedClient(answers), states)
    one = volume(scene)
    running.start(None, request(one))
    with pytest.raises(RuntimeError, match="under way"):
        running.start(None, request(one))
    spin(running)
    running.start(None, request(one))
    spin(running)
    assert scene.GetNumberOfNodesByClass("vtkMRMLSegmentationNode") == 1


def test_a_batch_leaves_out_what_is_chosen_twice_and_takes_frames_of_each(scene):
    a, b = volume(scene, "a"), volume(scene, "b")
    frames = {b: [SimpleNamespace(index_value="0", node="b0"), SimpleNamespace(index_value="1", node="b1")]}
    items = plan_items(WORKFLOW, {"image": [a]}, [b, a], lambda node: frames.get(node, []))
    assert [(item.volume_node, item.inputs["image"]) for item in items] == [(a, [a]), (b, ["b0"]), (b, ["b1"])]


def test_a_script_gets_the_nodes_of_a_run(scene):
    node = volume(scene)
    nodes = run_blocking(ScriptedClient(answers), node, "brain", "host:1", "", {}, lambda: None)
    assert [one.GetClassName() for one in nodes] == ["vtkMRMLSegmentationNode"]


@pytest.mark.parametrize(
    "address, workflow, sentence",
    [("nowhere:1", "brain", "nothing answers"), ("host:1", "liver", "no workflow liver. It has: brain")],
)
def test_a_script_gets_a_sentence_when_it_does_not_work_out(scene, address, workflow, sentence):
    with pytest.raises(RuntimeError, match=sentence):
        run_blocking(ScriptedClient(answers), volume(scene), workflow, address, "", {}, lambda: None)


def test_connecting_tells_the_verdict_and_leaves_the_host_that_was_there():
    seen, client = [], ScriptedClient()
    connecting = Connecting(client, seen.append)
    connecting.connect("host:1", "")
    spin(connecting)
    assert [state.phase for state in seen] == ["connecting", "connected"] and seen[-1].verdict == "Connected: 1."
    connecting.connect("nowhere:1", "")
    spin(connecting)
    assert (seen[-1].phase, seen[-1].verdict) == ("refused", "nothing answers")
    assert client.left == ["host:1"]
    connecting.connect("  ", "")
    assert seen[-1].verdict == "Write the host's address: name:port."


def test_a_host_that_the_module_started_ends_with_it():
    client = ScriptedClient()
    connecting = Connecting(client, lambda state: None)
    connecting.start_local()
    spin(connecting)
    assert connecting.state.local and connecting.state.address == "127.0.0.1:1234"
    connecting.close()
    assert client.left == ["127.0.0.1:1234"] and connecting.state.phase == "none"
