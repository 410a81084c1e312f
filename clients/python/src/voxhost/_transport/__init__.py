"""How calls are made: a contract, and its two ways: blocking, and on an asyncio loop."""
