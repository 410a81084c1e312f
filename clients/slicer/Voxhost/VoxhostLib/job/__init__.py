"""What goes on beside the user interface: a thread that talks to the host, and the main thread's side of it.

Slicer runs Qt's event loop with Python's global lock held: a Python thread runs only while the main thread is in Python
and waits. So each tick of a timer gives the thread a few milliseconds on purpose. Without that an upload never ends.
"""
