#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes sharper.onnx beside itself: a model of one layer that sharpens luma, repeating the picture's edge."""
import os
import struct


def number(n):
    text = b""
    while n > 127:
        text += bytes([n & 127 | 128])
        n >>= 7
    return text + bytes([n])


def field(tag, value):
    if isinstance(value, int):
        return number(tag << 3) + number(value)
    value = value.encode() if isinstance(value, str) else value
    return number(tag << 3 | 2) + number(len(value)) + value


def tensor(name, sizes, kind, values):
    return field(5, b"".join(field(1, n) for n in sizes) + field(2, kind) + field(8, name) + field(9, values))


def node(kind, inputs, output, attributes=b""):
    return field(1, b"".join(field(1, name) for name in inputs) + field(2, output) + field(4, kind) + attributes)


def picture(tag, name):
    sizes = b"".join(field(1, size) for size in (field(1, 1), field(1, 1), field(2, "height"), field(2, "width")))
    return field(tag, field(1, name) + field(2, field(1, field(1, 1) + field(2, sizes))))


FLOAT, INT64 = 1, 7
weights = [0, -0.25, 0, -0.25, 2, -0.25, 0, -0.25, 0]
graph = (
    node("Pad", ["x", "margins"], "larger", field(5, field(1, "mode") + field(4, "edge") + field(20, 3)))
    + node("Conv", ["larger", "weights"], "y")
    + field(2, "sharper")
    + tensor("margins", [8], INT64, struct.pack("<8q", 0, 0, 1, 1, 0, 0, 1, 1))
    + tensor("weights", [1, 1, 3, 3], FLOAT, struct.pack("<9f", *weights))
    + picture(11, "x")
    + picture(12, "y")
)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "sharper.onnx"), "wb") as file:
    file.write(field(1, 8) + field(7, graph) + field(8, field(2, 13)))
