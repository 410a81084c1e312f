"""Connecting, and every way in which it fails: each with a sentence."""

from __future__ import annotations

import concurrent.futures
import os
import pickle
import re
import socket
import threading

import grpc
import pytest
from conftest import BRAIN, COMMAND, HEAD_MRI, ROOT

import voxhost
from voxhost import errors
from voxhost._transport.address import parse_address, plan_connection
from voxhost._transport.rpc_errors import explain_connection
from voxhost.v1 import host_service_pb2, host_service_pb2_grpc

TLS = ROOT / "test" / "fixtures" / "tls"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_the_host_says_what_it_is(host):
    host.run(BRAIN, HEAD_MRI, download=False)  # a device is available once a model has run on it
    info = host.info()
    assert info.protocol_version_min <= 1 <= info.protocol_version_max
    assert any(device.name == "cpu" and device.available for device in info.devices)
    assert info.limits.max_volume_bytes > 2**30
    assert host.health() == "serving"


def test_workflows_say_what_they_take_and_give(host):
    names = [workflow.name for workflow in host.workflows()]
    assert names == sorted(names)
    assert {"brain_extraction_deepbet", "brain_extraction_mri"} <= set(names)


def test_an_unknown_workflow_is_not_found_and_those_there_are_are_listed(host):
    with pytest.raises(voxhost.NotFound, match="brain_extraction_deepbet") as caught:
        host.workflow("spleen")
    assert isinstance(caught.value, LookupError)
    assert (caught.value.code, caught.value.reason) == ("NOT_FOUND", "WORKFLOW_NOT_FOUND")


def test_nobody_there():
    with pytest.raises(voxhost.HostUnavailable, match="nothing listens there"):
        voxhost.connect(f"127.0.0.1:{free_port()}")


def test_a_name_that_no_machine_has():
    with pytest.raises(voxhost.HostUnavailable, match="no machine of that name"):
        voxhost.connect("no-such-machine.invalid", timeout_s=30)


def test_something_else_listens_there():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            for _ in range(3):
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    client.recv(4096)
                    client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(voxhost.HostUnavailable, match=r"Is it a Voxhost host|connection was lost"):
            voxhost.connect(f"127.0.0.1:{server.getsockname()[1]}", timeout_s=30)


def test_one_that_never_answers_ends_at_the_timeout():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises((voxhost.TimedOut, voxhost.HostUnavailable)),
    ):
        voxhost.connect(f"127.0.0.1:{server.getsockname()[1]}", timeout_s=0.3)


class OtherHost(host_service_pb2_grpc.HostServiceServicer):
    """A host of another age."""

    def __init__(self, least, most):
        self.versions = {"protocol_version_min": least, "protocol_version_max": most}

    def GetHostInfo(self, request, context):
        return host_service_pb2.HostInfo(version="9.9.9", **self.versions)


@pytest.mark.parametrize(
    ("least", "most", "said"), [(2, 3, "revisions 2 to 3.*Update this client"), (0, 0, "revision 0.*Update the host")]
)
def test_a_host_of_another_age_says_which_side_to_update(least, most, said):
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(1))
    host_service_pb2_grpc.add_HostServiceServicer_to_server(OtherHost(least, most), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with pytest.raises(voxhost.ProtocolMismatch, match=said):
            voxhost.connect(f"127.0.0.1:{port}", timeout_s=30)
    finally:
        server.stop(None)


def test_a_grpc_server_that_is_no_voxhost_host():
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with pytest.raises(voxhost.ProtocolMismatch, match="no Voxhost host"):
            voxhost.connect(f"127.0.0.1:{port}", timeout_s=30)
    finally:
        server.stop(None)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A host with TLS and a token, as one that others can reach."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "token").write_text("a-token-for-tests\n")
    (folder / "workflows").mkdir()
    flags = ["--tls-cert", TLS / "certificate.pem", "--tls-key", TLS / "key.pem", "--token-file", folder / "token"]
    from voxhost.local import _Child

    child = _Child(COMMAND, folder / "workflows", folder / "data", "cpu", None, [*map(str, flags)])
    yield child.address(60)
    child.stop()


def test_tls_and_token(guarded):
    with voxhost.connect(guarded, tls=TLS / "certificate.pem", token="a-token-for-tests", timeout_s=30) as host:
        assert host.workflows() == []
    with voxhost.connect(
        guarded, tls=TLS / "certificate.pem", server_name="localhost", token="a-token-for-tests", timeout_s=30
    ) as host:
        assert host.health() == "serving"


@pytest.mark.parametrize("token", [None, "another"])
def test_a_missing_and_a_wrong_token(guarded, token):
    with pytest.raises(voxhost.NotAuthorized, match="token") as caught:
        voxhost.connect(guarded, tls=TLS / "certificate.pem", token=token, timeout_s=30)
    assert caught.value.reason == ("WRONG_TOKEN" if token else "NO_TOKEN")


def test_a_certificate_that_nobody_here_trusts(guarded):
    with pytest.raises(voxhost.HostUnavailable, match="not signed by an authority"):
        voxhost.connect(guarded, tls=True, timeout_s=30)


def test_a_certificate_for_another_name(guarded):
    with pytest.raises(voxhost.HostUnavailable, match="for another name"):
        voxhost.connect(guarded, tls=TLS / "certificate.pem", server_name="somewhere.example", timeout_s=30)


def test_one_side_alone_speaks_tls(guarded, address):
    with pytest.raises(voxhost.HostUnavailable, match=r"one side alone speak TLS|connection was lost"):
        voxhost.connect(guarded, timeout_s=30)
    with pytest.raises(voxhost.HostUnavailable, match=r"one side alone speak TLS|connection was lost"):
        voxhost.connect(address, tls=TLS / "certificate.pem", timeout_s=30)


def test_an_authority_that_cannot_be_read():
    with pytest.raises(voxhost.InvalidInput, match=r"nowhere\.pem"):
        voxhost.connect("127.0.0.1:1", tls="nowhere.pem")


def test_a_token_does_not_cross_the_network_readable():
    with pytest.raises(voxhost.InvalidInput, match="insecure=True"):
        plan_connection("gpu.example:1", "secret", False, None, False)
    assert plan_connection("gpu.example:1", "secret", False, None, True).token == "secret"


@pytest.mark.parametrize(
    ("address", "target", "is_local"),
    [
        ("127.0.0.1:50151", "127.0.0.1:50151", True),
        ("localhost", "localhost:50151", True),
        ("[::1]:7", "[::1]:7", True),
        ("gpu.hospital.example:8080", "gpu.hospital.example:8080", False),
        ("unix:/run/voxhost.sock", "unix:/run/voxhost.sock", True),
    ],
)
def test_addresses(address, target, is_local):
    assert parse_address(address) == (target, is_local)


@pytest.mark.parametrize("address", ["", "host:0", "host:70000", "http://host", "host:1/x", "a b", "host:port"])
def test_what_is_no_address(address):
    with pytest.raises(voxhost.InvalidInput, match="host:port"):
        parse_address(address)


def test_every_reason_of_the_errors_page_has_a_class_that_is_not_the_last_resort():
    rows = re.findall(r"^\| (`[A-Z_`, ]+`) \| ([A-Z_ or]+) \|", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE)
    assert len(rows) > 30
    for names, codes in rows:
        for code in codes.split(" or "):
            for reason in re.findall(r"[A-Z_]+", names):
                found = type(errors.error_from(code, reason, "", {}))
                assert (found is errors.HostFailed) == (code == "INTERNAL"), (reason, code)


def test_errors_survive_pickling():
    error = voxhost.NotFound("gone", code="NOT_FOUND", reason="RUN_NOT_FOUND", metadata={"id": "x"})
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.reason, copy.metadata) == (
        voxhost.NotFound,
        "gone",
        "RUN_NOT_FOUND",
        {"id": "x"},
    )


def test_an_explanation_that_nobody_foresaw_is_grpcs_own():
    assert explain_connection("failed to connect to all addresses; last error: INTERNAL: odd") == "odd."


def test_a_closed_host_says_so(address):
    host = voxhost.connect(address, timeout_s=60)
    host.close()
    host.close()
    with pytest.raises(voxhost.VoxhostError, match="closed"):
        host.workflows()


def test_a_host_that_does_not_start_shows_its_log(tmp_path):
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(voxhost.HostFailed, match="ended with exit code") as caught:
        voxhost.local(data=tmp_path / "data", command=COMMAND)
    assert caught.value.reason == "HOST_DID_NOT_START"


def test_without_a_host_installed_local_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(voxhost.HostFailed, match=r"pip install .voxhost\[host\]"):
        voxhost.local()
