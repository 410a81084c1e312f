"""The `voxhost` Python package as the module uses it: found or installed at Connect, called on the job's thread."""
