"""Goldens for every sample of every op: what PyTorch computes in each dtype, for the tests in TensorCoreTests.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. First the tests write the samples' inputs, then this script adds
PyTorch's outputs and gradients to them in Tests/Goldens/ops, one file for each area of ops (scripts/goldens/all does both):

    GLASSBOX_SAMPLES=samples.safetensors scripts/test --filter SampleInputs
    python scripts/goldens/ops.py samples.safetensors

A tensor is called "op/sample/kind number"; kinds are input, output and gradient, and "float32 output" and the like for what comes of the
inputs rounded to another dtype. Gradients are those of the sum of the floating outputs, weighted with fixed numbers that come with the
inputs. "special/op/sample/…" is the same in float32 on infinities, NaN and the like.

A new op is one line in its area's table, op_areas/AREA.py: a function of its inputs for all its samples, or one for each sample.
"""

import importlib
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from store import store

DTYPES = {"": torch.float64, "float32 ": torch.float32, "bfloat16 ": torch.bfloat16}


def areas():
    """Every area's table of ops, by the area's name."""
    names = sorted(path.stem for path in (Path(__file__).parent / "op_areas").glob("*.py"))
    return {name: importlib.import_module(f"op_areas.{name}").OPS for name in names}


AREAS = areas()
OPS = {op: function for table in AREAS.values() for op, function in table.items()}


def function(op, sample):
    found = OPS.get(op)
    if isinstance(found, dict):
        return found.get(sample, found.get(""))
    return found


class Samples:
    """What the tests wrote."""

    def __init__(self, path):
        with safe_open(path, "pt") as file:
            self.metadata = {key: value.split(";") for key, value in file.metadata().items()}
            self.tensors = {name: file.get_tensor(name) for name in file.keys()}

    def numbered(self, name, kind, dtype=torch.float64):
        found = []
        while f"{name}/{kind} {len(found)}" in self.tensors:
            x = self.tensors[f"{name}/{kind} {len(found)}"]
            # Copies: in the file they stand anywhere, and PyTorch's Fourier transforms need aligned complex numbers.
            found.append(x.to(dtype, copy=True) if x.is_floating_point() else x.clone())
        return found

    def evaluated(self, name, dtype):
        """PyTorch's outputs for a sample's inputs, and the gradients of the weighted outputs."""
        inputs = [x.requires_grad_(x.is_floating_point()) for x in self.numbered(name, "input", dtype)]
        extra = [self.tensors[f"{name}/kept"]] if f"{name}/kept" in self.tensors else []
        op, sample = name.split("/")[-2:]
        outputs = function(op, sample)(*inputs, *extra)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        floating = [x for x in inputs if x.requires_grad]
        differentiable = [y for y in outputs if y.is_floating_point()]
        weights = self.numbered(name, "weights", dtype)
        weighted = [(y * w).sum() for y, w in zip(differentiable, weights, strict=True)]
        total = sum(weighted) if weighted else None
        # Ops that PyTorch lets pass with a gradient of zeros, floor for one, are without one here.
        if total is None or not total.requires_grad or op in self.metadata["constant"]:
            gradients = [torch.zeros_like(x) for x in floating] if op == "cast" else []
        elif all(x.numel() == 0 for x in floating):
            # Some of PyTorch's backward passes give an empty gradient the wrong shape.
            gradients = [torch.zeros_like(x) for x in floating]
        else:
            gradients = torch.autograd.grad(total, floating, materialize_grads=True)
        return outputs, gradients


def main(path):
    samples = Samples(path)
    missing = [name for name in samples.metadata["float64"] if function(*name.split("/")) is None]
    if missing:
        sys.exit("no line in OPS for: " + "; ".join(missing))
    goldens = {}
    for prefix, dtype in DTYPES.items():
        for name in samples.metadata[prefix.strip() or "float64"]:
            outputs, gradients = samples.evaluated(name, dtype)
            # The other dtypes' inputs are these, rounded.
            for index, x in enumerate([] if prefix else samples.numbered(name, "input")):
                goldens[f"{name}/input {index}"] = x
            for index, y in enumerate(outputs):
                goldens[f"{name}/{prefix}output {index}"] = y
            for index, gradient in enumerate(gradients):
                goldens[f"{name}/{prefix}gradient {index}"] = gradient

    # The numbers themselves come along, so that the tests can tell whether they are still theirs.
    values = {name: x for name, x in samples.tensors.items() if name in ["special/values", "special/rows"]}
    for name in samples.metadata["special"]:
        outputs, gradients = samples.evaluated(f"special/{name}", torch.float32)
        for index, y in enumerate(outputs):
            goldens[f"special/{name}/output {index}"] = y
        for index, gradient in enumerate(gradients):
            goldens[f"special/{name}/gradient {index}"] = gradient

    for area, table in AREAS.items():
        # "op/sample/…" or "special/op/sample/…".
        mine = {name: x for name, x in goldens.items() if name.split("/")[name.startswith("special/")] in table}
        store(mine | values, f"ops/{area}")


if __name__ == "__main__":
    main(sys.argv[1])
