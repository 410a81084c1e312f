"""Errors as sentences that say what to do. Knows the client's classes by name: it may not be installed."""

from __future__ import annotations

HEADINGS = {
    "HostUnavailable": "Unreachable",
    "ProtocolMismatch": "Another version",
    "NotAuthorized": "Token",
    "TimedOut": "Too slow",
    "LimitReached": "A limit of the host",
    "DataDamaged": "Damaged on the way",
    "NotFound": "Gone",
    "HostFailed": "An error of the host",
}


def sentence(error: BaseException, address: str) -> str:
    """One or two sentences: which kind of trouble, and the error's own words."""
    kind = next((name for name in (one.__name__ for one in type(error).__mro__) if name in HEADINGS), "")
    text = str(error).strip() or type(error).__name__
    if isinstance(error, MemoryError):
        return "There is not enough memory on this computer. Close other data, or crop the volume."
    if isinstance(error, ImportError):
        return f"A package cannot be loaded: {text}. Restart Slicer; if it stays so, reinstall it."
    if not kind:
        return text
    where = f" ({address})" if address and address not in text else ""
    return f"{HEADINGS[kind]}{where}: {text}"
