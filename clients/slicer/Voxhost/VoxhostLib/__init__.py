"""The parts of the Voxhost module, in the order that a run meets them: view, job, client, mrml.

- `view`   what the user sees. Only Qt; holds nothing that is worth testing without it.
- `job`    a thread that talks to the host, a queue back, and the pump that gives the thread time to run.
- `client` finds and installs the `voxhost` Python package; turns its errors into sentences.
- `mrml`   scene to voxels, results to scene. No Qt, no network: Slicer's MRML libraries only.
"""
