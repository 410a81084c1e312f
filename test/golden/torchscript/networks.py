"""The networks whose TorchScript files are the golden ones: every family of MONAI that the README names, made small."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import torchvision
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet
from monai.networks import nets
from monai.networks.nets import vnet
from monai.networks.nets.flexible_unet import FLEXUNET_BACKBONE


@dataclass
class Network:
    """One network and the shapes that it is called with."""

    build: Callable[[], torch.nn.Module]
    shape: tuple[int, ...]
    more_shapes: tuple[tuple[int, ...], ...] = field(default=())

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        return [self.shape, *self.more_shapes]


def plain_unet(build: type, axes: int) -> torch.nn.Module:
    blocks = "n_blocks_per_stage" if build is ResidualEncoderUNet else "n_conv_per_stage"
    convolution = torch.nn.Conv2d if axes == 2 else torch.nn.Conv3d
    norm = torch.nn.InstanceNorm2d if axes == 2 else torch.nn.InstanceNorm3d
    return build(
        input_channels=1, n_stages=3, features_per_stage=(4, 8, 8), conv_op=convolution, kernel_sizes=3,
        strides=(1, 2, 2), num_classes=2, n_conv_per_stage_decoder=(1, 1), conv_bias=True, norm_op=norm,
        norm_op_kwargs={"eps": 1e-5, "affine": True}, nonlin=torch.nn.LeakyReLU, nonlin_kwargs={"inplace": True},
        deep_supervision=False, **{blocks: (1, 1, 1)},
    )


def unet(axes: int, **options) -> torch.nn.Module:
    return nets.UNet(axes, 1, 2, channels=(4, 8, 8), strides=(2, 2), **options)


def dynamic_unet(axes: int, **options) -> torch.nn.Module:
    return nets.DynUNet(axes, 1, 2, [3, 3, 3], [1, 2, 2], [2, 2], filters=[4, 8, 8], **options)


def swin(axes: int, **options) -> torch.nn.Module:
    return nets.SwinUNETR(1, 2, depths=(2, 1, 1, 1), num_heads=(1, 2, 2, 4), feature_size=12, spatial_dims=axes, **options)


def senet(axes: int, block: str, groups: int) -> torch.nn.Module:
    """The first of the four stages, whose widths MONAI fixes: the others have millions of weights."""
    network = nets.SENet(
        axes, 1, block, (1, 1, 1, 1), groups, 4, dropout_prob=None, num_classes=3, inplanes=8, input_3x3=axes == 2
    )
    network.layer2 = network.layer3 = network.layer4 = torch.nn.Identity()
    network.last_linear = torch.nn.Linear(256, 3)
    return network


def small_efficientnet(axes: int) -> torch.nn.Module:
    blocks = ["r1_k3_s11_e1_i32_o16_se0.25", "r2_k3_s22_e6_i16_o24_se0.25", "r1_k5_s22_e6_i24_o40_se0.25"]
    network = nets.EfficientNet(blocks, axes, 1, 3, width_coefficient=0.25, image_size=64 if axes == 2 else 32)
    network.set_swish(memory_efficient=False)
    return network


def short_resnet() -> torch.nn.Module:
    """torchvision's ResNet-18 with the first two of its four stages."""
    network = torchvision.models.resnet18(num_classes=3)
    network.layer3 = network.layer4 = torch.nn.Identity()
    network.fc = torch.nn.Linear(128, 3)
    return network


class SmallVNet(torch.nn.Module):
    """MONAI's VNet has 45 million weights whatever one asks for: its own blocks, fewer of them."""

    def __init__(self) -> None:
        super().__init__()
        act = ("elu", {"inplace": True})
        self.in_tr = vnet.InputTransition(3, 1, 16, act)
        self.down_tr32 = vnet.DownTransition(3, 16, 1, act)
        self.up_tr32 = vnet.UpTransition(3, 32, 32, 1, act)
        self.out_tr = vnet.OutputTransition(3, 32, 2, act)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out16 = self.in_tr(x)
        return self.out_tr(self.up_tr32(self.down_tr32(out16), out16))


class SmallEncoder(nets.ResNetFeatures):
    """A ResNet of a few channels, under the interface that FlexibleUNet looks for."""

    CHANNELS = (4, 4, 8, 8, 8)

    def __init__(self, model_name: str = "", pretrained: bool = False, **options) -> None:
        torch.nn.Module.__init__(self)
        small = nets.ResNet("basic", [1, 1, 1, 1], list(self.CHANNELS[1:]), spatial_dims=options["spatial_dims"],
                            n_input_channels=options["in_channels"], conv1_t_stride=2, feed_forward=False)
        self.__dict__.update(small.__dict__)

    @classmethod
    def get_encoder_parameters(cls) -> list[dict]:
        return [{"model_name": "small", "pretrained": False, "progress": False, "spatial_dims": 2, "in_channels": 1}]

    @classmethod
    def num_channels_per_output(cls) -> list[tuple[int, ...]]:
        return [cls.CHANNELS]

    @classmethod
    def num_outputs(cls) -> list[int]:
        return [5]

    @classmethod
    def get_encoder_names(cls) -> list[str]:
        return ["small"]


class Writes(torch.nn.Module):
    """Not a network: writes to slices, to views of views and to copies, and reads everything afterwards."""

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        y = x.clone()
        y[:, 0] = 1.5
        y[:, :, 2:4] += x[:, :, 0:2]
        last = y.permute(0, 2, 3, 1)
        last[..., 1] *= 2
        flat = y.view(y.size(0), 4, -1)
        flat[:, :, 5].add_(1)
        halves = y.chunk(2, 1)
        halves[1].relu_()
        y[:, 1:3, ::2, 1:].fill_(0.25)
        copied = y.transpose(1, 2).reshape(y.size(0), 6, -1)
        copied.mul_(3)
        kept = y[:, 3].unsqueeze(1).squeeze(1)
        kept.clamp_(-0.5, 0.5)
        y[:, 2][:, 1, 1:3] = x[:, 0, 0, 0:2]
        return y, last.contiguous(), flat, copied, kept + torch.ones_like(kept)


class Guarded(torch.nn.Module):
    """A wrapper as people write them around a network: without gradients, in two places."""

    def __init__(self) -> None:
        super().__init__()
        self.network = torch.nn.Conv2d(1, 2, 3, padding=1)

    def scaled(self, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return x * 0.5

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            small = self.scaled(x)
            y = self.network(small)
        return y.softmax(1)


FLEXUNET_BACKBONE.register_class(SmallEncoder)


HIGHRES_LAYERS = (
    {"name": "conv_0", "n_features": 4, "kernel_size": 3},
    {"name": "res_1", "n_features": 4, "kernels": (3, 3), "repeat": 2},
    {"name": "res_2", "n_features": 8, "kernels": (3, 3), "repeat": 1},
    {"name": "conv_1", "n_features": 8, "kernel_size": 1},
    {"name": "conv_2", "kernel_size": 1},
)

VOLUME = (1, 1, 16, 16, 16)
IMAGE = (1, 1, 32, 32)

NETWORKS: dict[str, Network] = {
    "unet-2d": Network(lambda: unet(2, num_res_units=2), IMAGE),
    "unet-3d": Network(lambda: unet(3, num_res_units=1, act="PRELU", norm="INSTANCE"), VOLUME),
    "unet-3d-group": Network(lambda: unet(3, norm=("GROUP", {"num_groups": 2}), act="SWISH"), VOLUME),
    "unet-3d-batch": Network(lambda: unet(3, norm="BATCH", act="MISH"), VOLUME),
    "basic-unet-2d": Network(lambda: nets.BasicUNet(2, 1, 2, features=(4, 4, 8, 8, 8, 4)), IMAGE),
    "basic-unet-3d": Network(lambda: nets.BasicUNet(3, 1, 2, features=(4, 4, 4, 8, 8, 4), upsample="nontrainable", norm="BATCH"), VOLUME),
    "basic-unet-plus-2d": Network(lambda: nets.BasicUNetPlusPlus(2, 1, 2, features=(4, 4, 4, 4, 4, 4)), IMAGE),
    "basic-unet-plus-3d": Network(lambda: nets.BasicUNetPlusPlus(3, 1, 2, features=(4, 4, 4, 4, 4, 4), deep_supervision=True, norm="BATCH"), VOLUME),
    "dynunet-2d": Network(lambda: dynamic_unet(2, res_block=True), IMAGE),
    "dynunet-3d": Network(lambda: dynamic_unet(3), VOLUME),
    "segresnet-2d": Network(lambda: nets.SegResNet(2, 4, 1, 2, blocks_down=(1, 1), blocks_up=(1,), norm=("GROUP", {"num_groups": 2})), IMAGE),
    "segresnet-3d": Network(
        lambda: nets.SegResNet(3, 4, 1, 2, blocks_down=(1, 1, 1), blocks_up=(1, 1), norm=("GROUP", {"num_groups": 2}), upsample_mode="deconv"), VOLUME
    ),
    "segresnet-ds-3d": Network(lambda: nets.SegResNetDS(3, 4, 1, 2, blocks_down=(1, 1, 1), dsdepth=1), VOLUME),
    "segresnet-vae-3d": Network(
        lambda: nets.SegResNetVAE((16, 16, 16), 4, vae_nz=8, spatial_dims=3, init_filters=8, in_channels=1, out_channels=2, blocks_down=(1, 1), blocks_up=(1,)),
        VOLUME,
    ),
    "attention-unet-2d": Network(lambda: nets.AttentionUnet(2, 1, 2, (4, 8, 8), (2, 2)), IMAGE),
    "attention-unet-3d": Network(lambda: nets.AttentionUnet(3, 1, 2, (4, 8, 8), (2, 2)), VOLUME),
    "vnet-3d": Network(lambda: SmallVNet(), VOLUME),
    "highresnet-3d": Network(lambda: nets.HighResNet(3, 1, 2, layer_params=HIGHRES_LAYERS), VOLUME),
    "unetr-2d": Network(lambda: nets.UNETR(1, 2, 32, feature_size=4, hidden_size=12, mlp_dim=16, num_heads=2, spatial_dims=2), IMAGE),
    "unetr-3d": Network(
        lambda: nets.UNETR(1, 2, (16, 16, 16), feature_size=4, hidden_size=12, mlp_dim=16, num_heads=2, proj_type="perceptron"), VOLUME
    ),
    "swin-unetr-2d": Network(lambda: swin(2), (1, 1, 64, 64)),
    "swin-unetr-3d": Network(lambda: swin(3), (1, 1, 64, 64, 32)),
    "swin-unetr-v2-3d": Network(lambda: swin(3, use_v2=True, downsample="mergingv2"), (1, 1, 64, 64, 32)),
    "densenet-2d": Network(lambda: nets.DenseNet(2, 1, 3, init_features=4, growth_rate=4, block_config=(2, 2)), IMAGE),
    "densenet-3d": Network(lambda: nets.DenseNet(3, 1, 3, init_features=4, growth_rate=4, block_config=(2, 2)), VOLUME),
    "senet-2d": Network(lambda: senet(2, "se_bottleneck", 2), (1, 1, 64, 64)),
    "senet-3d": Network(lambda: senet(3, "se_resnet_bottleneck", 1), (1, 1, 32, 32, 32)),
    "seresnext-2d": Network(lambda: senet(2, "se_resnetxt_bottleneck", 4), (1, 1, 64, 64)),
    "resnet-2d": Network(lambda: nets.ResNet("basic", [1, 1, 1, 1], [4, 4, 8, 8], spatial_dims=2, n_input_channels=1, num_classes=3), IMAGE),
    "resnet-3d": Network(
        lambda: nets.ResNet("bottleneck", [1, 1, 1, 1], [4, 4, 4, 4], spatial_dims=3, n_input_channels=1, num_classes=3, shortcut_type="A"), VOLUME
    ),
    "efficientnet-2d": Network(lambda: small_efficientnet(2), (1, 1, 64, 64)),
    "efficientnet-3d": Network(lambda: small_efficientnet(3), (1, 1, 32, 32, 32)),
    "flexible-unet-2d": Network(lambda: nets.FlexibleUNet(1, 2, "small", decoder_channels=(8, 8, 8, 4, 4), spatial_dims=2), (1, 1, 64, 64)),
    "autoencoder-2d": Network(lambda: nets.AutoEncoder(2, 1, 1, (4, 8), (2, 2), inter_channels=(8,), num_inter_units=1), IMAGE),
    "autoencoder-3d": Network(lambda: nets.AutoEncoder(3, 1, 1, (4, 8), (2, 2)), VOLUME),
    "varautoencoder-2d": Network(lambda: nets.VarAutoEncoder(2, (1, 32, 32), 1, 4, (4, 8), (2, 2)), IMAGE),
    "regunet-3d": Network(lambda: nets.RegUNet(3, 1, 4, 2, out_channels=3), VOLUME),
    "regunet-2d": Network(lambda: nets.RegUNet(2, 1, 4, 2, out_channels=2, pooling=False, concat_skip=True), IMAGE),
    "vit-3d": Network(lambda: nets.ViT(1, (16, 16, 16), (8, 8, 8), 24, 32, 2, 2, classification=True, num_classes=3), VOLUME),
    "localnet-3d": Network(lambda: nets.LocalNet(3, 1, 4, (0, 1, 2)), VOLUME),
    "classifier-2d": Network(lambda: nets.Classifier((1, 32, 32), 3, (4, 8), (2, 2)), IMAGE),
    "nnunet-plain-2d": Network(lambda: plain_unet(PlainConvUNet, 2), IMAGE),
    "nnunet-plain-3d": Network(lambda: plain_unet(PlainConvUNet, 3), VOLUME),
    "nnunet-residual-3d": Network(lambda: plain_unet(ResidualEncoderUNet, 3), VOLUME),
    "writes": Network(Writes, (1, 4, 6, 6)),
    "guarded": Network(Guarded, (1, 1, 8, 8)),
    "torchvision-resnet": Network(lambda: short_resnet(), (1, 3, 64, 64)),
    "torchvision-densenet": Network(lambda: torchvision.models.DenseNet(4, (2, 2), 8, num_classes=3), (1, 3, 64, 64)),
    "torchvision-mobilenet-v3": Network(lambda: torchvision.models.mobilenet_v3_small(num_classes=3, width_mult=0.25), (1, 3, 64, 64)),
    "torchvision-shufflenet": Network(lambda: torchvision.models.ShuffleNetV2([1, 1, 1], [8, 8, 16, 32, 32], num_classes=3), (1, 3, 64, 64)),
    "torchvision-squeezenet": Network(lambda: torchvision.models.squeezenet1_1(num_classes=3), (1, 3, 64, 64)),
}
