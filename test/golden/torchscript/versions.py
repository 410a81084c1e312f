"""Writes test/golden/data/torchscript/versions/<torch's version>: a few networks as this version of torch saves them.

Runs on Python 3.7 and torch 1.6 and all that came after. MONAI's networks are those of the MONAI that is installed.
"""

import json
import sys
import warnings
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import torch
from torch import nn
from torch.nn import functional

from golden_file import FORMS, write_network

DATA = Path(__file__).resolve().parents[1] / "data" / "torchscript" / "versions"


class Steps(nn.Module):
    """Encoder and decoder of three levels with each kind of norm, both ways up, pads and pools."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv3d(1, 4, 3, padding=1), nn.BatchNorm3d(4), nn.PReLU())
        self.down = nn.Sequential(nn.Conv3d(4, 8, 3, stride=2, padding=1, bias=False), nn.InstanceNorm3d(8, affine=True), nn.LeakyReLU(0.1, inplace=True))
        self.deep = nn.Sequential(nn.Conv3d(8, 8, 3, padding=2, dilation=2, groups=2), nn.GroupNorm(2, 8), nn.ELU())
        self.up = nn.ConvTranspose3d(8, 4, 2, stride=2)
        self.last = nn.Conv3d(16, 2, 1)
        self.drop = nn.Dropout3d(0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.first(x)
        down = self.down(first)
        deep = self.drop(self.deep(functional.max_pool3d(down, 2)))
        wide = functional.interpolate(deep, size=down.shape[2:], mode="trilinear", align_corners=False)
        near = functional.interpolate(down, scale_factor=2.0, mode="nearest")
        edge = functional.pad(self.up(down + wide), [1, 0, 0, 1, 0, 0], mode="replicate")[:, :, :, 1:, :-1]
        both = torch.cat([first, edge, near.narrow(1, 0, 8)], dim=1)
        return torch.softmax(self.last(both), dim=1) * torch.sigmoid(both.mean(dim=1, keepdim=True))


class Attends(nn.Module):
    """Tokens of an image: attention, layer norm, GELU, einsum, and back to pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Conv2d(1, 16, 4, stride=4)
        self.norm = nn.LayerNorm(16)
        self.qkv = nn.Linear(16, 48)
        self.attend = nn.MultiheadAttention(16, 2)
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.position = nn.Parameter(torch.zeros(1, 64, 16))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        size = x.shape[2] // 4
        tokens = self.embed(x).flatten(2).transpose(1, 2) + self.position
        normed = self.norm(tokens)
        q, k, v = self.qkv(normed).chunk(3, dim=-1)
        weights = torch.einsum("bnc,bmc->bnm", q, k).div(4.0).softmax(-1)
        own = torch.matmul(weights, v)
        turned = normed.transpose(0, 1)
        tokens = tokens + own + self.attend(turned, turned, turned, need_weights=False)[0].transpose(0, 1)
        tokens = tokens + self.mlp(tokens)
        image = tokens.permute(0, 2, 1).reshape(x.shape[0], 16, size, size)
        return functional.pixel_shuffle(image, 4)


class Speaks(nn.Module):
    """What the language had then: loops, optionals, dictionaries, tuples, lists, asserts, texts."""

    steps: Dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(1, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)])
        self.named = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Hardtanh(-0.5, 0.5)})
        self.steps = {"a": 1, "b": 2}
        self.register_buffer("scale", torch.tensor([0.5, 2.0]))

    def pick(self, x: torch.Tensor, size: Optional[List[int]] = None) -> torch.Tensor:
        if size is None:
            return x
        return x[:, :, : size[0], : size[1]]

    def forward(self, x: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        assert x.dim() == 4, "four axes"
        found: List[torch.Tensor] = []
        for index, layer in enumerate(self.layers):
            x = layer(x)
            if index % 2 == 1:
                x = x * self.scale[index]
            found.append(x)
        total = torch.zeros_like(x)
        for name, layer in self.named.items():
            total = total + layer(x) * self.steps[name]
        count = 0
        while count < 3:
            total = total.clamp(min=-1.0 - count, max=1.0)
            count += 1
        small = self.pick(total, [x.size(2) // 2, x.size(3) - 2])
        if x.size(2) > 1000:
            raise ValueError("too large: {}".format(x.size(2)))
        return torch.stack(found + [total], dim=1).max(dim=1)[0], self.pick(small).contiguous().view(x.size(0), -1)


def monai_networks() -> dict:
    """Of the MONAI of that time, where it is installed."""
    try:
        from monai.networks import nets
    except ImportError:
        return {}
    networks = {
        "monai-unet": (lambda: nets.UNet(3, 1, 2, channels=(4, 8, 8), strides=(2, 2), num_res_units=2), (1, 1, 16, 16, 16)),
        "monai-segresnet": (
            lambda: nets.SegResNet(3, 4, 1, 2, blocks_down=(1, 1), blocks_up=(1,), **segresnet_norm(nets)),
            (1, 1, 16, 16, 16),
        ),
    }
    if "filters" in nets.DynUNet.__init__.__code__.co_varnames:  # Before that its widths were fixed, and millions of weights.
        options = {"filters": [4, 8, 8]}
        networks["monai-dynunet"] = (lambda: nets.DynUNet(3, 1, 2, [3, 3, 3], [1, 2, 2], [2, 2], **options), (1, 1, 16, 16, 16))
    return networks


def segresnet_norm(nets: object) -> dict:
    takes_norm = "norm" in nets.SegResNet.__init__.__code__.co_varnames
    return {"norm": ("GROUP", {"num_groups": 2})} if takes_norm else {"num_groups": 2}


NETWORKS = {
    "steps": (Steps, (1, 1, 16, 16, 16)),
    "attends": (Attends, (1, 1, 32, 32)),
    "speaks": (Speaks, (1, 1, 16, 16)),
}


def main() -> None:
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    folder = DATA / torch.__version__.split("+")[0]
    folder.mkdir(parents=True, exist_ok=True)
    for name, (build, shape) in {**NETWORKS, **monai_networks()}.items():
        torch.manual_seed(0)
        case = write_network(folder, name, build().eval(), [shape])
        if name.startswith("monai-"):
            import monai

            case["monai"] = monai.__version__.split("+")[0]
        (folder / (name + ".json")).write_text(json.dumps(case, indent=1) + "\n")
        print(name, {form: "ok" if "file" in case[form] else case[form]["raises"][:200] for form in FORMS}, flush=True)


if __name__ == "__main__":
    sys.exit(main())
