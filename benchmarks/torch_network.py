"""A bundle's model.onnx as a torch network: the same operators with the same weights, traced and frozen.

The bundles here carry ONNX only. Their graphs came from torch, so each node goes back to the function it was.
"""

import warnings

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


class OnnxInTorch(torch.nn.Module):
    def __init__(self, file: str):
        super().__init__()
        graph = onnx.load(file).graph
        self.nodes = [n for n in graph.node if n.op_type != "Constant"]
        self.given, self.answer = graph.input[0].name, graph.output[0].name
        self.constants = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
        for node in graph.node:
            if node.op_type == "Constant":
                value = numpy_helper.to_array(node.attribute[0].t).copy()
                self.constants[node.output[0]] = torch.from_numpy(value)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        values = dict(self.constants) | {self.given: x}
        for node in self.nodes:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            values[node.output[0]] = apply(node.op_type, [values[name] for name in node.input], attributes)
        return values[self.answer]


def apply(kind: str, inputs: list, attributes: dict) -> torch.Tensor:
    if kind in ("Conv", "ConvTranspose"):
        pads = attributes.get("pads", [0] * 6)
        assert pads[:3] == pads[3:], "the same padding at both ends"
        weight = inputs[1]
        options = {"stride": attributes["strides"], "padding": pads[:3], "groups": attributes.get("group", 1)}
        bias = inputs[2] if len(inputs) > 2 else None
        if kind == "Conv":
            return F.conv3d(inputs[0], weight, bias, **options)
        return F.conv_transpose3d(inputs[0], weight, bias, output_padding=attributes.get("output_padding", 0), **options)
    if kind == "InstanceNormalization":
        return F.instance_norm(inputs[0], weight=inputs[1], bias=inputs[2], eps=attributes["epsilon"])
    if kind == "PRelu":
        return F.prelu(inputs[0], inputs[1].flatten())
    if kind == "MaxPool":
        return F.max_pool3d(inputs[0], attributes["kernel_shape"], attributes["strides"], attributes["pads"][:3])
    if kind == "Concat":
        return torch.cat(inputs, attributes["axis"])
    simple = {"Relu": F.relu, "Add": torch.add, "Softmax": lambda x: F.softmax(x, attributes["axis"])}
    return simple[kind](*inputs)


def torch_network(file: str, example: torch.Tensor):
    """The network as torch runs it fastest without changing a number: TorchScript, frozen."""
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch 2.15 calls TorchScript deprecated; bundles still come in it
        traced = torch.jit.trace(OnnxInTorch(file).eval(), example, check_trace=False)
    return torch.jit.freeze(traced.eval())
