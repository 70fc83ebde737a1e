"""Goldens for every sample of every op: what PyTorch computes, for the tests in TensorCoreTests.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. First the tests write the samples' inputs, then this script adds
PyTorch's outputs and gradients to them in Tests/Goldens/ops, one file for each area of ops:

    GLASSBOX_SAMPLES=samples.safetensors swift test -c release --filter SampleInputs
    python scripts/goldens/ops.py samples.safetensors

A tensor is called "op/sample/kind number"; kinds are input, output and gradient. Gradients are those of the sum of the floating
outputs, weighted with fixed numbers that come with the inputs. "special/op" is the op in float32 on infinities, NaN and the like.

A new op is one line in its area's table, op_areas/AREA.py: a function of its inputs for all its samples, or one for each sample.
"""

import importlib
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

TARGET = Path(__file__).resolve().parents[2] / "Tests" / "Goldens" / "ops"


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


def main(path):
    goldens, missing = {}, []
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        stored = {name: file.get_tensor(name) for name in file.keys()}

    constant = metadata["constant"].split(";")

    def numbered(name, kind):
        found = []
        while f"{name}/{kind} {len(found)}" in stored:
            found.append(stored[f"{name}/{kind} {len(found)}"])
        return found

    for name in metadata["samples"].split(";"):
        f = function(*name.split("/"))
        if f is None:
            missing.append(name)
            continue
        inputs = [x.clone().requires_grad_(x.is_floating_point()) for x in numbered(name, "input")]
        extra = [stored[f"{name}/kept"]] if f"{name}/kept" in stored else []
        outputs = f(*inputs, *extra)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        for index, x in enumerate(inputs):
            goldens[f"{name}/input {index}"] = x.detach()
        for index, y in enumerate(outputs):
            goldens[f"{name}/output {index}"] = y.detach()
        floating = [x for x in inputs if x.requires_grad]
        weighted = [(y * w).sum() for y, w in zip((y for y in outputs if y.is_floating_point()), numbered(name, "weights"), strict=True)]
        total = sum(weighted) if weighted else None
        # Ops that PyTorch lets pass with a gradient of zeros, floor for one, are without one here.
        if total is None or not total.requires_grad or name.split("/")[0] in constant:
            gradients = [torch.zeros_like(x) for x in floating] if name.startswith("cast/") else []
        elif all(x.numel() == 0 for x in floating):
            # Some of PyTorch's backward passes give an empty gradient the wrong shape.
            gradients = [torch.zeros_like(x) for x in floating]
        else:
            gradients = torch.autograd.grad(total, floating, materialize_grads=True)
        for index, gradient in enumerate(gradients):
            goldens[f"{name}/gradient {index}"] = gradient

    special = stored["special/values"]
    goldens["special/values"] = special
    for op in metadata["unary"].split(";"):
        goldens[f"special/{op}"] = function(op, "matrix")(special)
    n = len(special)
    for op in metadata["binary"].split(";"):
        goldens[f"special/{op}"] = function(op, "same shape")(special[:, None].expand(n, n), special[None, :].expand(n, n))

    if missing:
        sys.exit("no line in OPS for: " + "; ".join(missing))
    for area, table in AREAS.items():
        # "op/sample/…" or "special/op".
        mine = {name: x for name, x in goldens.items() if (name.split("/")[1] if name.startswith("special/") else name.split("/")[0]) in table}
        mine["special/values"] = special
        file = TARGET / f"{area}.safetensors"
        save_file({name: x.detach().clone(memory_format=torch.contiguous_format) for name, x in mine.items()}, file)
        print(f"{area}: {len(table)} ops, {len(mine)} tensors, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
