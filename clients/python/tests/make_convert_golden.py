"""Makes tests/golden/converted: a bundle with a small seeded network, converted by voxhost.convert, and MONAI's mask.

    python make_convert_golden.py        (a Python with MONAI, PyTorch and this package)

CI has no PyTorch: there the host runs the committed bundle, and its mask must be the one that MONAI gave from model.pt.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nibabel
import numpy as np
import torch
from monai.bundle import ConfigParser
from monai.data import decollate_batch, list_data_collate
from monai.networks.nets import UNet

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
GOLDEN = HERE / "golden" / "converted"
SEED = 11


def write_bundle(folder: Path) -> None:
    """The example bundle's configs with a network of 8 kB, its weights as model.pt and model.ts."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "models").mkdir(parents=True)
    (folder / "configs").mkdir()
    source = ROOT / "examples" / "workflows" / "brain_extraction_mri" / "configs"
    config = json.loads((source / "inference.json").read_text())
    config["network_def"].update(channels=[4, 8], strides=[2], num_res_units=0)
    config["inferer"]["roi_size"] = [24, 24, 24]
    (folder / "configs" / "inference.json").write_text(json.dumps(config, indent=2) + "\n")
    metadata = json.loads((source / "metadata.json").read_text())
    metadata.update(name="A small seeded network", description="For tests: it labels nothing of use.")
    (folder / "configs" / "metadata.json").write_text(json.dumps(metadata, indent=2) + "\n")
    torch.manual_seed(SEED)
    network = UNet(**{key: value for key, value in config["network_def"].items() if key != "_target_"}).eval()
    torch.save({"model": network.state_dict()}, folder / "models" / "model.pt")


def write_image(path: Path) -> None:
    """Smooth noise, oblique and anisotropic."""
    generator = np.random.default_rng(SEED)
    coarse = generator.normal(size=(5, 5, 5))
    axes = [np.linspace(0, 4, size) for size in (40, 36, 24)]
    i, j, k = np.meshgrid(*[np.round(axis).astype(int) for axis in axes], indexing="ij")
    voxels = (100 * coarse[i, j, k] + generator.normal(size=i.shape)).astype(np.int16)
    affine = np.diag([1.5, 1.25, 2.5, 1.0])
    angle = 0.2
    affine[:2, :2] = [[1.5 * np.cos(angle), -1.25 * np.sin(angle)], [1.5 * np.sin(angle), 1.25 * np.cos(angle)]]
    affine[:3, 3] = [-20, 30, 10]
    nibabel.save(nibabel.Nifti1Image(voxels, affine), path)


def monai_mask(folder: Path, image: Path) -> np.ndarray:
    """The bundle as MONAI runs it, from model.pt; without SaveImage."""
    parser = ConfigParser()
    parser.read_config([str(folder / "configs" / "inference.json")])
    parser["device"] = "$torch.device('cpu')"
    steps = parser["postprocessing"]["transforms"]
    parser["postprocessing"]["transforms"] = [step for step in steps if step["_target_"] != "SaveImaged"]
    network = parser.get_parsed_content("network_def")
    network.load_state_dict(torch.load(folder / "models" / "model.pt", weights_only=True)["model"])
    batch = list_data_collate([parser.get_parsed_content("preprocessing")({"image": str(image)})])
    with torch.no_grad():
        batch["pred"] = parser.get_parsed_content("inferer")(batch["image"], network.eval())
    (item,) = decollate_batch(batch)
    mask = parser.get_parsed_content("postprocessing")(item)["pred"]
    return np.asarray(mask)[0].astype(np.uint8)


def main() -> None:
    from voxhost.convert.__main__ import main as convert

    write_bundle(GOLDEN)
    image = GOLDEN.parent / "image.nii.gz"
    write_image(image)
    assert convert([str(GOLDEN), "--image", str(image)]) == 0
    mask = monai_mask(GOLDEN, image)
    nibabel.save(nibabel.Nifti1Image(mask, nibabel.load(image).affine), GOLDEN.parent / "mask.nii.gz")
    print(f"{np.count_nonzero(mask)} of {mask.size} voxels")


if __name__ == "__main__":
    main()
