"""The same Host on asyncio: every call is awaited, cancelling the task cancels what it started on the host."""

from __future__ import annotations

from types import TracebackType
from typing import Any, AsyncIterator, Callable, List, Mapping, Optional, Type, Union

from ._flows import asking, runs
from ._flows.download import download_image
from ._flows.session import Deadline, Session, check_protocol, get_info
from ._flows.upload import OnBytes, upload_image
from ._images.edge import read_image
from ._transport.address import DEFAULT_ADDRESS, Tls, plan_connection
from ._transport.asynchronous import AsyncConnection, AsyncTransport
from .host import _both, _name
from .image import Image
from .nouns import HostInfo, ParameterValue, Run, RunEvent, Volume, Workflow
from .progress import OnProgress, ProgressBar


async def connect(
    address: str = DEFAULT_ADDRESS,
    *,
    token: Optional[str] = None,
    tls: Tls = False,
    server_name: Optional[str] = None,
    insecure: bool = False,
    timeout_s: float = 5.0,
) -> Host:
    """As `voxhost.connect`. The Host belongs to the running loop."""
    connection = AsyncConnection(plan_connection(address, token, tls, server_name, insecure))
    try:
        info = await get_info(AsyncTransport(connection), timeout_s)
        check_protocol(address, info)
    except BaseException:
        await connection.close()
        raise
    return Host(connection, info)


class Host:
    """A host on asyncio: `voxhost.Host` with the same names. Close it, or use it in an `async with`."""

    def __init__(self, connection: AsyncConnection, info: HostInfo) -> None:
        self._connection = connection
        self._info = info

    @property
    def address(self) -> str:
        """Where it listens."""
        return self._connection.where.address

    async def info(self) -> HostInfo:
        """Version, limits, devices: as they are now."""
        return await get_info(self._transport(), 60)

    async def workflows(self) -> List[Workflow]:
        """All deployed workflows, by name; those that are loading and that failed too."""
        return await asking.list_workflows(self._transport())

    async def workflow(self, name: str) -> Workflow:
        """One workflow. Raises NotFound, listing those there are."""
        return await asking.get_workflow(self._transport(), name)

    async def run(
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
    ) -> Run:
        """As `voxhost.Host.run`. Cancelling the task ends the run on the host."""
        bar = ProgressBar(workflow) if progress else None
        options = runs.RunOptions(
            parameters or {}, _both(on_progress, bar), request_id, timeout_s, compression, download
        )
        try:
            return await runs.run_workflow(self._session(), workflow, image, options)
        finally:
            if bar:
                bar.__exit__(None, None, None)

    async def create_run(
        self,
        workflow: str,
        image: Any,
        *,
        parameters: Optional[Mapping[str, ParameterValue]] = None,
        on_progress: Optional[OnProgress] = None,
        request_id: Optional[str] = None,
        compression: str = "auto",
    ) -> Run:
        """The first half of `run`: answers when the run is in the queue."""
        options = runs.RunOptions(parameters or {}, on_progress, request_id, None, compression)
        return await runs.create_run(self._session(), workflow, image, options)

    async def wait(
        self,
        run: Union[str, Run],
        *,
        on_progress: Optional[OnProgress] = None,
        timeout_s: Optional[float] = None,
        download: bool = True,
    ) -> Run:
        """The second half of `run`: the run as it ended, with its results. What ends it early cancels the run."""
        options = runs.RunOptions({}, on_progress, None, timeout_s, "auto", download)
        return await runs.wait_for_run(self._session(), _name(run), options, Deadline(timeout_s))

    def watch_run(self, run: Union[str, Run], *, after_sequence: int = 0) -> AsyncIterator[RunEvent]:
        """Events of a run to its last. Leaving the loop leaves the run alone."""
        return runs.watch_run(self._session(), _name(run), after_sequence)

    async def get_run(self, run: Union[str, Run]) -> Run:
        """A run as it is now."""
        return await asking.get_run(self._transport(), _name(run))

    async def runs(self, *, limit: int = 100) -> List[Run]:
        """The newest runs first."""
        return await asking.list_runs(self._transport(), limit)

    async def cancel(self, run: Union[str, Run]) -> Run:
        """Asks a run to stop and answers with it; one that has ended stays as it is."""
        return await asking.cancel_run(self._transport(), _name(run))

    async def delete_run(self, run: Union[str, Run]) -> None:
        """Forgets a run that has ended."""
        await asking.delete_run(self._transport(), _name(run))

    async def upload(self, image: Any, *, on_bytes: Optional[OnBytes] = None, compression: str = "auto") -> Volume:
        """Brings an image (as `run` takes it) to the host; nothing is sent that is there already."""
        transport = self._transport()
        read, _ = await transport.compute(lambda: read_image(image))
        return await upload_image(Session(transport, self._info), read, on_bytes, compression)

    async def download(self, volume: Union[str, Volume], *, on_bytes: Optional[OnBytes] = None) -> Image:
        """Brings a volume's voxels, verified by their digest."""
        return await download_image(self._session(), _name(volume), on_bytes)

    async def volume(self, name: str) -> Volume:
        """A volume without its voxels."""
        return await asking.get_volume(self._transport(), name)

    async def delete_volume(self, volume: Union[str, Volume]) -> None:
        """Deletes a volume. Raises NotReady while a run needs it."""
        await asking.delete_volume(self._transport(), _name(volume))

    async def deploy(self, name: str, bundle: Any, *, on_bytes: Optional[Callable[[int], None]] = None) -> Workflow:
        """Deploys a bundle, a folder or a .zip on this machine; answers when it is loaded and warm."""
        from ._flows.deploy import deploy_bundle  # zipfile and what it needs: not at the start

        return await deploy_bundle(self._transport(), name, bundle, on_bytes)

    async def undeploy(self, name: str) -> None:
        """Takes a workflow away; its runs are cancelled."""
        await asking.undeploy_workflow(self._transport(), name)

    async def health(self, workflow: str = "") -> str:
        """`serving`, `not-serving` or `unknown`, of a workflow or of the host. Needs no token."""
        return await asking.check_health(self._transport(), workflow)

    async def close(self) -> None:
        """Ends the connection; calls under way fail."""
        await self._connection.close()

    async def __aenter__(self) -> Host:
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<voxhost.aio.Host {self.address}, version {self._info.version}>"

    def _transport(self) -> AsyncTransport:
        return AsyncTransport(self._connection)

    def _session(self) -> Session:
        return Session(self._transport(), self._info)
