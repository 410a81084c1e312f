"""sliding_window_inference, with functions for networks that any language can repeat (README.md)."""

import numpy as np
import torch
from monai.inferers import SliceInferer, SlidingWindowInferer

from volumes import AFFINES, texture
from writer import Writer, tensor


def polynomials(x: torch.Tensor) -> torch.Tensor:
    return torch.cat([x, 1 - x, x * x], dim=1)


def ramp(x: torch.Tensor) -> torch.Tensor:
    sizes = [1] * (5 - x.ndim) + list(x.shape[2:])  # of two axes: j and k
    grid = torch.meshgrid(*[torch.arange(n, dtype=torch.float32) for n in sizes], indexing="ij")
    i, j, k = (axis.reshape(x.shape[2:]) for axis in grid)
    return torch.cat([x * (1 + i + 2 * j + 3 * k), x - i * j * k / 8], dim=1)


def channel_sum(x: torch.Tensor) -> torch.Tensor:
    a, b = x[:, 0:1], x[:, 1:2]
    return torch.cat([a + 2 * b, a * b], dim=1)


def window_mean(x: torch.Tensor) -> torch.Tensor:
    mean = x.mean(dim=tuple(range(1, x.ndim)), keepdim=True)
    return torch.cat([x - mean, mean.expand_as(x)], dim=1)


NETWORKS = {"polynomials": polynomials, "ramp": ramp, "channel-sum": channel_sum, "window-mean": window_mean}


class WindowCases:
    def __init__(self, inferer: type = SlidingWindowInferer) -> None:
        self.inferer = inferer
        self.writer = Writer(inferer.__name__)

    def add(self, case: str, network: str, sizes: tuple, args: dict) -> None:
        channels = 2 if network == "channel-sum" else 1
        name = f"unit-{channels}x{'x'.join(map(str, sizes))}"
        data = (texture(name, sizes, channels) / 1000).astype(np.float32)
        image = tensor(data, AFFINES["oblique"])
        with torch.no_grad():
            answer = self.inferer(**args)(image.as_tensor()[None], NETWORKS[network])[0]
        great = float(np.abs(answer.numpy()).max())
        self.writer.case(case, {
            "args": args,
            "network": network,
            "input": self.writer.input(name, data, AFFINES["oblique"]),
            "output": self.writer.output(case, answer, AFFINES["oblique"]),
            "tolerance": float(f"{2e-6 * max(1.0, great):.1e}"),
        })


def windows() -> None:
    cases = WindowCases()
    cube = {"roi_size": [4, 4, 4], "sw_batch_size": 2}
    for mode in ("constant", "gaussian"):
        for network in NETWORKS:
            cases.add(f"{network}-{mode}", network, (9, 11, 7), cube | {"overlap": 0.5, "mode": mode})
        for overlap in (0.0, 0.25, 0.6, 0.75, 0.9):
            cases.add(f"overlap-{overlap}-{mode}", "ramp", (11, 9, 10), cube | {"overlap": overlap, "mode": mode})
        cases.add(f"exactly-one-window-{mode}", "ramp", (4, 4, 4), cube | {"mode": mode})
        cases.add(f"smaller-than-roi-{mode}", "ramp", (3, 2, 5), {"roi_size": [6, 5, 8], "mode": mode})
        cases.add(f"smaller-along-one-axis-{mode}", "ramp", (9, 3, 8), {"roi_size": [4, 6, 4], "mode": mode, "overlap": 0.5})
        cases.add(f"odd-roi-{mode}", "ramp", (10, 9, 8), {"roi_size": [5, 3, 7], "mode": mode, "overlap": 0.4})
        per_axis = {"roi_size": [4, 6, 3], "overlap": [0.5, 0.25, 0.7], "mode": mode, "sw_batch_size": 3}
        cases.add(f"overlap-per-axis-{mode}", "ramp", (9, 11, 8), per_axis)
    for batch in (1, 3, 4, 64):
        cases.add(f"batch-{batch}", "ramp", (9, 11, 7), cube | {"sw_batch_size": batch, "overlap": 0.5, "mode": "gaussian"})
    cases.add("defaults", "ramp", (9, 8, 7), {"roi_size": [4, 4, 4]})
    cases.add("one-number-roi", "ramp", (9, 8, 7), {"roi_size": 4, "overlap": 0.5})
    cases.add("whole-axis", "ramp", (9, 8, 7), {"roi_size": [4, -1, 4], "overlap": 0.5, "mode": "gaussian"})
    cases.add("flat-roi", "ramp", (6, 6, 5), {"roi_size": [4, 4, 1], "overlap": 0.5, "mode": "gaussian"})
    for sigma in (0.05, 0.5, [0.1, 0.25, 0.5]):
        name = "x".join(map(str, sigma)) if isinstance(sigma, list) else sigma
        cases.add(f"sigma-{name}", "ramp", (9, 11, 7), cube | {"overlap": 0.5, "mode": "gaussian", "sigma_scale": sigma})
    for padding in ("constant", "replicate", "reflect", "circular"):
        args = {"roi_size": [6, 6, 8], "padding_mode": padding, "mode": "gaussian"}
        cases.add(f"padding-{padding}", "window-mean", (5, 4, 7), args)
    cases.add("padding-value", "window-mean", (5, 4, 7), {"roi_size": [6, 6, 8], "cval": -1.5})
    cases.add("one-slice", "ramp", (8, 7, 1), {"roi_size": [4, 4, 1], "overlap": 0.5, "mode": "gaussian"})
    cases.add("large-roi-clamped-weights", "ramp", (24, 20, 18), {"roi_size": [16, 16, 16], "overlap": 0.5, "mode": "gaussian"})
    for mode in ("constant", "gaussian"):
        for network in ("polynomials", "ramp", "window-mean"):
            cases.add(f"two-axes-{network}-{mode}", network, (11, 9), {"roi_size": [4, 5], "overlap": 0.5, "mode": mode})
    cases.add("two-axes-several-channels", "channel-sum", (11, 9), {"roi_size": 4, "overlap": [0.5, 0.25], "sw_batch_size": 3})
    for padding in ("constant", "replicate", "reflect", "circular"):
        cases.add(f"two-axes-padding-{padding}", "window-mean", (5, 7), {"roi_size": [6, 8], "padding_mode": padding})


def slices() -> None:
    cases = WindowCases(SliceInferer)
    for axis in (0, 1, 2):
        for mode in ("constant", "gaussian"):
            args = {"roi_size": [4, 5], "spatial_dim": axis, "overlap": 0.5, "mode": mode, "sw_batch_size": 3}
            cases.add(f"axis-{axis}-{mode}", "ramp", (9, 8, 7), args)
        cases.add(f"axis-{axis}-whole-slices", "window-mean", (9, 8, 7), {"roi_size": [-1, 0], "spatial_dim": axis})
        cases.add(f"axis-{axis}-smaller-than-roi", "window-mean", (5, 4, 7), {"roi_size": [10, 9], "spatial_dim": axis})
    cases.add("defaults", "ramp", (6, 8, 7), {"roi_size": [5, 4]})
    per_axis = {"roi_size": [4, 5], "spatial_dim": 1, "overlap": [0.5, 0.7, 0.25], "mode": "gaussian", "sigma_scale": [0.1, 0.25, 0.5]}
    cases.add("overlap-and-sigma-per-axis", "ramp", (9, 3, 8), per_axis)
    cases.add("several-channels", "channel-sum", (9, 5, 8), {"roi_size": [4, 4], "spatial_dim": 2, "overlap": 0.5})


FOLDERS = {"SlidingWindowInferer": windows, "SliceInferer": slices}
