"""Label maps made dense: numpy alone."""

from types import SimpleNamespace

import numpy as np
import pytest
from VoxhostLib.mrml.labels import make_dense


def segment(value, count=None):
    return SimpleNamespace(value=value, name=f"n{value}", color=(1, 2, 3), terminology=None, voxel_count=count)


def dense(labels, declared):
    return make_dense(labels, np.diag([1.0, 2.0, 5.0, 1.0]), "pred", declared, lambda _: "")


def whole(made):
    """The whole map again, from the box."""
    k, j, i = reversed(made.offset_ijk)
    back = np.zeros(tuple(reversed(made.sizes_ijk)), made.voxels.dtype)
    size_k, size_j, size_i = made.voxels.shape
    back[k : k + size_k, j : j + size_j, i : i + size_i] = made.voxels
    return back


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16", "int32", "bool"])
@pytest.mark.parametrize("values", [(1,), (1, 2), (2, 7), (3, 1)])
def test_each_segment_gets_its_place_in_the_order_declared(kind, values):
    if kind == "bool" and values != (1,):
        return
    labels = np.zeros((5, 6, 7), kind)
    for number, value in enumerate(values):
        labels[1 + number, 2:4, 3:5] = value
    made = dense(labels, [segment(value) for value in values])
    expected = np.zeros((5, 6, 7), np.uint8)
    for number, value in enumerate(values, start=1):
        expected[labels == value] = number
    np.testing.assert_array_equal(whole(made), expected)
    assert made.voxels.shape == (len(values), 2, 2) and made.voxels.flags.c_contiguous
    assert [one.voxel_count for one in made.segments] == [4] * len(values)
    assert made.segments[0].volume_ml == pytest.approx(4 * 10 / 1000)


def test_counts_are_the_hosts_where_it_counted_every_value_and_ours_where_not():
    labels = np.array([[[0, 1, 1, 2]]], np.uint8)
    assert [one.voxel_count for one in dense(labels, [segment(1, 20), segment(2, 30)]).segments] == [20, 30]
    assert [one.voxel_count for one in dense(labels, [segment(1, 20)]).segments] == [2, 1]


def test_a_segment_that_was_not_found_stays_with_no_voxel():
    made = dense(np.array([[[0, 2]]], np.uint8), [segment(1), segment(2), segment(9)])
    assert [(one.value, one.voxel_count) for one in made.segments] == [(1, 0), (2, 1), (9, 0)]
    assert made.voxels.tolist() == [[[2]]]


def test_the_whole_map_may_be_one_label():
    made = dense(np.ones((2, 3, 4), np.uint8), [segment(1)])
    assert made.voxels.shape == (2, 3, 4) and made.offset_ijk == (0, 0, 0)
