"""Host: a connection to a host, whose calls block. `voxhost.aio.Host` has the same names on asyncio."""

from __future__ import annotations

from types import TracebackType
from typing import Any, AsyncIterator, Callable, Iterator, List, Mapping, Optional, Tuple, Type, TypeVar, Union

from ._flows import asking, runs
from ._flows.download import download_image
from ._flows.session import Deadline, Session, check_protocol, get_info
from ._flows.upload import OnBytes, upload_image
from ._images.edge import read_image
from ._transport.address import DEFAULT_ADDRESS, Tls, Where, plan_connection
from ._transport.blocking import BlockingTransport, Connection, run_blocking
from .image import Image
from .nouns import HostInfo, ParameterValue, Run, RunEvent, Volume, Workflow
from .progress import OnProgress, Progress, ProgressBar
from .stop import Stop

T = TypeVar("T")


def connect(
    address: str = DEFAULT_ADDRESS,
    *,
    token: Optional[str] = None,
    tls: Tls = False,
    server_name: Optional[str] = None,
    insecure: bool = False,
    timeout_s: float = 5.0,
) -> Host:
    """Connects to a host and checks that both speak the same protocol.

    address: `host:port` or `unix:/path`. token: the host's bearer token. tls: True trusts this machine's authorities, a
    path those in that file (PEM). server_name: the name in the host's certificate when it is not the address's.
    insecure: lets a token cross the network readable.

    Raises HostUnavailable, NotAuthorized, ProtocolMismatch, TimedOut; InvalidInput for an argument.
    """
    connection = Connection(plan_connection(address, token, tls, server_name, insecure))
    try:
        info = run_blocking(get_info(BlockingTransport(connection), timeout_s))
        check_protocol(address, info)
    except BaseException:
        connection.close()
        raise
    return Host(connection, info)


class Host:
    """A host. Make one with `voxhost.connect` or `voxhost.local`; close it, or use it in a `with`.

    Safe to use from several threads at once. It can be pickled: the copy connects anew at its first call. A process
    made by fork connects anew too; gRPC's own advice holds there: fork before the first call, or use "spawn".
    """

    def __init__(self, connection: Connection, info: HostInfo, on_close: Optional[Callable[[], None]] = None) -> None:
        self._connection = connection
        self._info = info
        self._on_close = on_close

    @property
    def address(self) -> str:
        """Where it listens."""
        return self._connection.where.address

    def info(self) -> HostInfo:
        """Version, limits, devices: as they are now."""
        return run_blocking(get_info(self._transport(), 60))

    def workflows(self) -> List[Workflow]:
        """All deployed workflows, by name; those that are loading and that failed too."""
        return run_blocking(asking.list_workflows(self._transport()))

    def workflow(self, name: str) -> Workflow:
        """One workflow. Raises NotFound, listing those there are."""
        return run_blocking(asking.get_workflow(self._transport(), name))

    def run(
        self,
        workflow: str,
        image: Any,
        *,
        parameters: Optional[Mapping[str, ParameterValue]] = None,
        on_progress: Optional[OnProgress] = None,
        progress: bool = False,
        timeout_s: Optional[float] = None,
        request_id: Optional[str] = None,
        download: bool = True,
        compression: str = "auto",
        stop: Optional[Stop] = None,
    ) -> Run:
        """Runs a workflow on an image: sends what the host lacks, waits, and brings the results.

        image: a path (.nii, .nii.gz, .nrrd, .mha, a folder with a DICOM series), a nibabel, SimpleITK or ITK image,
        (array, affine), a `voxhost.Image`, a `Volume` that the host has; or a dict of these by input name. The results
        come back as the first one was: `run.image`, or `run.outputs["name"].image`; a path gives a `voxhost.Image`.
        on_progress: called with each `Progress`, in this thread. progress: shows a bar (tqdm).

        An interrupt (Ctrl-C), an exception of on_progress, `stop.set()` and timeout_s end the run on the host as well.
        Raises RunFailed, RunCancelled, TimedOut, InvalidInput, NotFound, NotReady, LimitReached, HostUnavailable.
        """
        bar = ProgressBar(workflow) if progress else None
        options = runs.RunOptions(
            parameters or {}, _both(on_progress, bar), request_id, timeout_s, compression, download
        )
        try:
            return run_blocking(runs.run_workflow(self._session(stop), workflow, image, options))
        finally:
            if bar:
                bar.__exit__(None, None, None)

    def create_run(
        self,
        workflow: str,
        image: Any,
        *,
        parameters: Optional[Mapping[str, ParameterValue]] = None,
        on_progress: Optional[OnProgress] = None,
        request_id: Optional[str] = None,
        compression: str = "auto",
        stop: Optional[Stop] = None,
    ) -> Run:
        """The first half of `run`: answers when the run is in the queue. `wait` or `watch_run` follow it."""
        options = runs.RunOptions(parameters or {}, on_progress, request_id, None, compression)
        return run_blocking(runs.create_run(self._session(stop), workflow, image, options))

    def wait(
        self,
        run: Union[str, Run],
        *,
        on_progress: Optional[OnProgress] = None,
        timeout_s: Optional[float] = None,
        download: bool = True,
        stop: Optional[Stop] = None,
    ) -> Run:
        """The second half of `run`: the run as it ended, with its results. What ends it early cancels the run."""
        options = runs.RunOptions({}, on_progress, None, timeout_s, "auto", download)
        flow = runs.wait_for_run(self._session(stop), _name(run), options, Deadline(timeout_s))
        return run_blocking(flow)

    def watch_run(
        self, run: Union[str, Run], *, after_sequence: int = 0, stop: Optional[Stop] = None
    ) -> Iterator[RunEvent]:
        """Events of a run to its last. Leaving the loop leaves the run alone."""
        return _iterate(runs.watch_run(self._session(stop), _name(run), after_sequence))

    def get_run(self, run: Union[str, Run]) -> Run:
        """A run as it is now."""
        return run_blocking(asking.get_run(self._transport(), _name(run)))

    def runs(self, *, limit: int = 100) -> List[Run]:
        """The newest runs first."""
        return run_blocking(asking.list_runs(self._transport(), limit))

    def cancel(self, run: Union[str, Run]) -> Run:
        """Asks a run to stop and answers with it; one that has ended stays as it is."""
        return run_blocking(asking.cancel_run(self._transport(), _name(run)))

    def delete_run(self, run: Union[str, Run]) -> None:
        """Forgets a run that has ended."""
        run_blocking(asking.delete_run(self._transport(), _name(run)))

    def upload(
        self,
        image: Any,
        *,
        on_bytes: Optional[OnBytes] = None,
        compression: str = "auto",
        stop: Optional[Stop] = None,
    ) -> Volume:
        """Brings an image (as `run` takes it) to the host; nothing is sent that is there already.

        on_bytes: called with bytes done and in all. compression: `auto` packs for other machines; `always`, `never`.
        """
        return run_blocking(upload_image(self._session(stop), read_image(image)[0], on_bytes, compression))

    def download(
        self, volume: Union[str, Volume], *, on_bytes: Optional[OnBytes] = None, stop: Optional[Stop] = None
    ) -> Image:
        """Brings a volume's voxels, verified by their digest."""
        return run_blocking(download_image(self._session(stop), _name(volume), on_bytes))

    def volume(self, name: str) -> Volume:
        """A volume without its voxels."""
        return run_blocking(asking.get_volume(self._transport(), name))

    def delete_volume(self, volume: Union[str, Volume]) -> None:
        """Deletes a volume. Raises NotReady while a run needs it."""
        run_blocking(asking.delete_volume(self._transport(), _name(volume)))

    def deploy(self, name: str, bundle: Any, *, on_bytes: Optional[Callable[[int], None]] = None) -> Workflow:
        """Deploys a bundle, a folder or a .zip on this machine; answers when it is loaded and warm."""
        from ._flows.deploy import deploy_bundle  # zipfile and what it needs: not at the start

        return run_blocking(deploy_bundle(self._transport(), name, bundle, on_bytes))

    def undeploy(self, name: str) -> None:
        """Takes a workflow away; its runs are cancelled."""
        run_blocking(asking.undeploy_workflow(self._transport(), name))

    def health(self, workflow: str = "") -> str:
        """`serving`, `not-serving` or `unknown`, of a workflow or of the host. Needs no token."""
        return run_blocking(asking.check_health(self._transport(), workflow))

    def close(self) -> None:
        """Ends the connection; calls under way fail. A host that `voxhost.local` started ends too."""
        self._connection.close()
        on_close, self._on_close = self._on_close, None
        if on_close:
            on_close()

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<voxhost.Host {self.address}, version {self._info.version}>"

    def __reduce__(self) -> Tuple[Callable[[Where, HostInfo], Host], Tuple[Where, HostInfo]]:
        return _reconnect, (self._connection.where, self._info)

    def _transport(self, stop: Optional[Stop] = None) -> BlockingTransport:
        return BlockingTransport(self._connection, stop)

    def _session(self, stop: Optional[Stop] = None) -> Session:
        return Session(self._transport(stop), self._info)


def _reconnect(where: Where, info: HostInfo) -> Host:
    """A pickled Host in another process: it connects at its first call."""
    return Host(Connection(where), info)


def _name(named: Union[str, Run, Volume]) -> str:
    return named if isinstance(named, str) else named.name


def _both(first: Optional[OnProgress], second: Optional[OnProgress]) -> Optional[OnProgress]:
    if first is None or second is None:
        return first or second
    one, other = first, second

    def both(progress: Progress) -> None:
        one(progress)
        other(progress)

    return both


def _iterate(flow: AsyncIterator[T]) -> Iterator[T]:
    """A generator of a flow whose transport never suspends."""
    try:
        while True:
            try:
                yield run_blocking(_next(flow))
            except StopAsyncIteration:
                return
    finally:
        run_blocking(flow.aclose())  # type: ignore[attr-defined]


async def _next(flow: AsyncIterator[T]) -> T:
    return await flow.__anext__()
