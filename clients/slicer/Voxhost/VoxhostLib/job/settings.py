"""What the module remembers between sessions: addresses, and to which hosts images may be sent. Never a token.

`store` is a `qt.QSettings` or anything with `value(key)` and `setValue(key, value)`.
"""

from __future__ import annotations

from ipaddress import ip_address

DEFAULT_ADDRESS = "127.0.0.1:50151"
MAX_ADDRESSES = 8
_ADDRESSES = "Voxhost/Addresses"
_CONSENTS = "Voxhost/MaySendTo"
_TLS = "Voxhost/Tls"


class Settings:
    """Reads and writes the settings."""

    def __init__(self, store) -> None:
        self._store = store

    def addresses(self) -> list[str]:
        """The last addresses that answered, the last one first; never empty."""
        return self._list(_ADDRESSES) or [DEFAULT_ADDRESS]

    def remember_address(self, address: str, tls: bool | str = False) -> None:
        """Puts an address first, with whether it is encrypted: True, or the file with the authority to trust."""
        others = [one for one in self._list(_ADDRESSES) if one != address]
        self._write(_ADDRESSES, [address, *others][:MAX_ADDRESSES])
        kept = [line for line in self._list(_TLS) if line.split("\t")[0] in others[: MAX_ADDRESSES - 1]]
        self._write(_TLS, [*kept, f"{address}\t{tls if isinstance(tls, str) else ''}"] if tls else kept)

    def tls_of(self, address: str) -> bool | str:
        """How a remembered address is encrypted."""
        for line in self._list(_TLS):
            name, _, authority = line.partition("\t")
            if name == address:
                return authority or True
        return False

    def may_send_to(self, address: str) -> bool:
        """Whether images may leave for this host: it is this machine, or the user agreed."""
        return is_this_machine(address) or address in self._list(_CONSENTS)

    def allow_sending_to(self, address: str) -> None:
        """The user agreed, for good."""
        self._write(_CONSENTS, [*[one for one in self._list(_CONSENTS) if one != address], address])

    def forget_consents(self) -> None:
        """Ask again, everywhere."""
        self._write(_CONSENTS, [])

    # One text with line ends: lists come back from QSettings as a list, a tuple or, with one entry, a text.
    def _list(self, key: str) -> list[str]:
        value = self._store.value(key)
        return [line for line in str(value or "").split("\n") if line]

    def _write(self, key: str, values: list[str]) -> None:
        self._store.setValue(key, "\n".join(values))


def is_this_machine(address: str) -> bool:
    """Whether what goes to this address stays on this machine."""
    if address.startswith(("unix:", "/")):
        return True
    # A scheme (`dns:///host:port`, `https://host`) before the host does not change where the bytes go.
    rest = address.split("://", 1)[-1].lstrip("/")
    host = rest[1 : rest.index("]")] if rest.startswith("[") and "]" in rest else rest
    if host.count(":") == 1:
        host = host.split(":")[0]
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def consent_question(address: str) -> str:
    """What the user is asked before the first upload to a host elsewhere."""
    return (
        f"The image will be sent to {address}, which is not this computer.\n\n"
        "Its voxels, geometry and modality are sent; names, dates and other DICOM tags are not. An image of a head can "
        "still show a face. Send only what you may.\n\n"
        "Send images to this host from now on?"
    )
