"""The scene's side of a run: volumes to voxels with their geometry, results to segmentations, volumes and tables.

Everything here runs on the main thread. Nothing here imports Qt or knows of the network.
"""
