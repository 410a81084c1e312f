"""What the client does, written once: flows over a Transport, run blocking by Host and on asyncio by aio.Host."""
