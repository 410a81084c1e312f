"""The network of MONAI's spleen_ct_segmentation bundle with seeded weights, as torch exports it: for spleen-run.ts.

    python benchmarks/spleen_network.py FILE.onnx
"""

import sys
import warnings

import torch
from monai.networks.nets import UNet


def main() -> None:
    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    network = UNet(
        spatial_dims=3,
        in_channels=1,
        out_channels=2,
        channels=(16, 32, 64, 128, 256),
        strides=(2, 2, 2, 2),
        num_res_units=2,
        norm="batch",
    )
    # Running means and variances as training leaves them, so that no layer of it does nothing.
    with torch.no_grad():
        for _ in range(2):
            network(torch.rand(2, 1, 32, 32, 32))
    torch.onnx.export(
        network.eval(),
        torch.rand(1, 1, 96, 96, 96),
        sys.argv[1],
        input_names=["image"],
        output_names=["pred"],
        dynamic_axes={"image": {0: "batch"}, "pred": {0: "batch"}},
        dynamo=False,
    )


if __name__ == "__main__":
    main()
