"""The client's nouns as messages of the protocol. Pure."""

from __future__ import annotations

from typing import Dict, Mapping

from google.protobuf.struct_pb2 import Value

from ..errors import InvalidInput
from ..image import Image
from ..nouns import ParameterValue
from ..v1 import volume_service_pb2 as volumes


def header(image: Image) -> volumes.VolumeHeader:
    """`VolumeHeader` of an image."""
    return volumes.VolumeHeader(
        sizes=image.sizes,
        component_type=f"COMPONENT_TYPE_{image.component_type.upper()}",
        components=image.components,
        index_to_world_lps=image.affine_lps[:3].ravel().tolist(),
        modality=image.modality,
    )


def parameters(values: Mapping[str, ParameterValue]) -> Dict[str, Value]:
    """Parameters by name. @raises InvalidInput for a value that is no number, boolean or text."""
    return {name: _value(name, value) for name, value in values.items()}


def _value(name: str, value: ParameterValue) -> Value:
    if isinstance(value, bool):
        return Value(bool_value=value)
    if isinstance(value, str):
        return Value(string_value=value)
    try:
        return Value(number_value=float(value))
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"parameter {name} is {value!r}, expected a number, True, False or a text",
            metadata={"field": f"parameters.{name}"},
        ) from error
