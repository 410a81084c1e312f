"""What the user sees. Each panel shows a state and tells what was asked; it decides nothing.

Written in the part of Qt's Python interface that PythonQt (in Slicer) and PySide have in common: setters instead of
attributes, `property("...")` for reading, signals through `signals.on`. So the tests drive the very same files with a
real Qt.
"""
