"""Whole bundles of examples/workflows on the head MRI, made smaller and turned."""

import numpy as np

from bundle_answers import BundleAnswers, head
from volumes import affine, rotation
from writer import Writer, tensor

# How each input comes from the head MRI: source[start::step] along each axis, then axes reordered.
VARIANTS = {
    "coarse": {"start": [0, 0, 0], "step": [3, 3, 3], "axes": [0, 1, 2]},
    "flipped": {"start": [-1, 1, -1], "step": [-3, 3, -3], "axes": [0, 1, 2]},
    "permuted": {"start": [2, -1, 0], "step": [3, -3, 3], "axes": [2, 0, 1]},
    "anisotropic": {"start": [0, 1, 3], "step": [2, 2, 7], "axes": [0, 1, 2]},
    "oblique": {"start": [0, 0, 0], "step": [3, 3, 4], "axes": [0, 1, 2], "turn": [0.15, -0.2, 0.3]},
    "oblique-permuted": {"start": [0, -1, 0], "step": [3, -3, 3], "axes": [1, 2, 0], "turn": [-0.3, 0.1, 0.2]},
    "part": {"start": [40, 60, 50], "step": [1, 1, 1], "axes": [0, 1, 2], "stop": [104, 124, 110]},
}


def variant(source: np.ndarray, matrix: np.ndarray, how: dict) -> tuple[np.ndarray, np.ndarray]:
    """Voxels (i, j, k) and affine of one variant."""
    shape = np.array(source.shape)
    start = [s if s >= 0 else n + s for s, n in zip(how["start"], shape)]
    stops = how.get("stop", [None] * 3)
    cut = source[tuple(slice(a, b, c) for a, b, c in zip(how["start"], stops, how["step"]))]
    steps = affine(np.diag(np.array(how["step"], float)), start)
    order = np.eye(4)
    order[:3, :3] = np.eye(3)[:, how["axes"]]
    turned = affine(rotation(*how.get("turn", (0, 0, 0))), (0, 0, 0))
    return cut.transpose(how["axes"]), turned @ matrix @ steps @ order


def bundles() -> None:
    writer = Writer("bundles")
    image = head()
    source, matrix = image.numpy()[0], image.affine.numpy()
    for bundle in ("brain_extraction_mri", "brain_extraction_deepbet"):
        answers = BundleAnswers(bundle)
        for name, how in VARIANTS.items():
            voxels, geometry = variant(source, matrix, how)
            mask = answers.answer(tensor(voxels[None], geometry))
            case = f"{bundle}-{name}"
            writer.case(case, {
                "bundle": bundle,
                "input": {
                    "source": "examples/images/head-mri.nii.gz",
                    **{"start": how["start"], "stop": how.get("stop"), "step": how["step"], "axes": how["axes"]},
                    "sizes": [1, *voxels.shape],
                    "affineRas": [float(v) + 0.0 for v in geometry.ravel()],
                },
                "output": writer.output(case, mask, geometry),
                "ones": int(mask.sum()),
                "mayDiffer": 2,
            })


FOLDERS = {"bundles": bundles}
