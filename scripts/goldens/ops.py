"""Goldens for every sample of every op: what PyTorch computes, for the tests in TensorCoreTests.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. First the tests write the samples' inputs, then this script adds
PyTorch's outputs and gradients to them in Tests/Goldens/ops.safetensors:

    GLASSBOX_SAMPLES=samples.safetensors swift test -c release --filter SampleInputs
    python scripts/goldens/ops.py samples.safetensors

A tensor is called "op/sample/kind number"; kinds are input, output and gradient. Gradients are those of the sum of the floating
outputs, weighted with fixed numbers that come with the inputs. "special/op" is the op in float32 on infinities, NaN and the like.

A new op is one line in OPS: a function of its inputs for all its samples, or one for each sample.
"""

import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file

TARGET = Path(__file__).resolve().parents[2] / "Tests" / "Goldens" / "ops.safetensors"


def reduction(f):
    """The samples of a reduction: f(x, axes, keep) with a tuple of axes."""
    return {
        "all": lambda x: f(x, tuple(range(x.ndim)), False),
        "first axis": lambda x: f(x, (0,), False),
        "last axis kept": lambda x: f(x, (-1,), True),
        "middle axis": lambda x: f(x, (1,), False),
        "outer axes": lambda x: f(x, (0, 2), False),
        "no rows": lambda x: f(x, (1,), False),
        "empty axis": lambda x: f(x, (1,), False),
    }


def position(f):
    """The samples of argmax and argmin."""
    return {
        "all": lambda x: f(x),
        "rows": lambda x: f(x, -1),
        "columns": lambda x: f(x, 0),
        "middle": lambda x: f(x, 1),
        "no rows": lambda x: f(x, 1),
    }


def extremes(f):
    """The samples of maxWithIndices and minWithIndices."""
    return {
        "rows": lambda x: list(f(x, 1)),
        "columns kept": lambda x: list(f(x, 0, keepdim=True)),
        "no rows": lambda x: list(f(x, 1)),
    }


def along(f):
    """The samples of softmax and its logarithm."""
    return {
        "last axis": lambda x: f(x, -1),
        "first axis": lambda x: f(x, 0),
        "large numbers": lambda x: f(x, 1),
        "no rows": lambda x: f(x, 1),
    }


def over_axes(f):
    """PyTorch's all and any take one axis at a time."""

    def reduce(x, axes, keep):
        for axis in sorted((a % x.ndim for a in axes), reverse=True):
            x = f(x, axis, keepdim=keep)
        return x

    return reduce


def assigned(x, *pairs):
    """x with one part after another replaced."""
    y = x.clone()
    for part, value in pairs:
        y[part] = value
    return y


def statistics(like):
    return torch.tensor([0.1, 0.2, 0.3], dtype=like.dtype), torch.tensor([1.0, 2.0, 0.5], dtype=like.dtype)


OPS = {
    # Creation
    "creation": {
        "full": lambda: torch.full((2, 3), 1.5),
        "range": lambda: [torch.arange(1, 4, 0.7), torch.arange(5, 0, -2)],
        "linspace": lambda: torch.linspace(-1, 2, 7),
        "eye": lambda: [torch.eye(3), torch.eye(2, 4)],
        "empty": lambda: [torch.zeros(0, 2), torch.arange(1.0, 1.0), torch.linspace(0, 1, 0)],
    },
    # Elementwise
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negate": lambda x: -x,
    "add scalar": lambda x: 1.5 + (x + 2.5),
    "subtract scalar": lambda x: 1.5 - (x - 2.5),
    "multiply scalar": lambda x: 1.5 * (x * 2.5),
    "divide scalar": lambda x: 1.5 / (x / 2.5),
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "abs": torch.abs,
    "sign": torch.sign,
    "square": torch.square,
    "reciprocal": torch.reciprocal,
    "sin": torch.sin,
    "cos": torch.cos,
    "floor": torch.floor,
    "ceil": torch.ceil,
    "round": torch.round,
    "isNaN": torch.isnan,
    "isFinite": torch.isfinite,
    "equal": lambda a, b: a.round() == b.round(),
    "notEqual": lambda a, b: a.round() != b.round(),
    "less": torch.lt,
    "lessOrEqual": torch.le,
    "greater": torch.gt,
    "greaterOrEqual": torch.ge,
    "and": torch.logical_and,
    "or": torch.logical_or,
    "xor": torch.logical_xor,
    "not": torch.logical_not,
    "power": torch.pow,
    "power scalar": lambda x: x**2.5 + x**3 + x**-1,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "clamped": lambda x: x.clamp(-1, 1.2),
    "where": torch.where,
    "cast": {
        "to float64": lambda x: x.double(),
        "to int64": lambda x: x.detach().long(),
        "to bool": lambda x: x.detach().bool(),
        "from int64": lambda x: x.double(),
        "empty": lambda x: x.double(),
    },
    # Reductions
    "sum": reduction(lambda x, axes, keep: x.sum(axes, keepdim=keep)),
    "mean": reduction(lambda x, axes, keep: x.mean(axes, keepdim=keep)),
    "variance": reduction(lambda x, axes, keep: x.var(axes, correction=1, keepdim=keep)),
    "standardDeviation": reduction(lambda x, axes, keep: x.std(axes, correction=0, keepdim=keep)),
    "logSumExp": reduction(lambda x, axes, keep: x.logsumexp(axes, keepdim=keep)),
    "all": reduction(lambda x, axes, keep: over_axes(torch.all)(x > -1, axes, keep)),
    "any": reduction(lambda x, axes, keep: over_axes(torch.any)(x > 1, axes, keep)),
    "max": reduction(lambda x, axes, keep: x.amax(axes, keepdim=keep)),
    "min": reduction(lambda x, axes, keep: x.amin(axes, keepdim=keep)),
    "maxWithIndices": extremes(torch.max),
    "minWithIndices": extremes(torch.min),
    "argmax": position(torch.argmax),
    "argmin": position(torch.argmin),
    # Shapes
    "reshaped": {
        "merge": lambda x: x.reshape(6, -1),
        "of a transposed view": lambda x: x.T.reshape(6),
        "scalar": lambda x: x.reshape(()),
        "empty": lambda x: x.reshape(3, 0),
    },
    "flattened": lambda x: x.flatten(1),
    "permuted": lambda x: x.permute(2, 0, 1),
    "transposed": {
        "matrix": lambda x: x.mT,
        "outer axes": lambda x: x.transpose(0, 1),
        "empty": lambda x: x.mT,
    },
    "expanded": {
        "column": lambda x: x.expand(2, 3, 4),
        "to empty": lambda x: x.expand(0, 3),
    },
    "squeezed": {
        "one": lambda x: x.squeeze(1),
        "all": lambda x: x.squeeze(),
        "empty": lambda x: x.squeeze(),
    },
    "unsqueezed": {
        "middle": lambda x: x.unsqueeze(1),
        "last": lambda x: x.unsqueeze(-1),
        "empty": lambda x: x.unsqueeze(0),
    },
    "concatenated": {
        "rows": lambda *xs: torch.cat(xs),
        "columns": lambda *xs: torch.cat(xs, -1),
        "empty piece": lambda *xs: torch.cat(xs),
    },
    "stacked": {
        "first": lambda *xs: torch.stack(xs),
        "last": lambda *xs: torch.stack(xs, -1),
        "empty": lambda *xs: torch.stack(xs),
    },
    "split": {
        "sizes": lambda x: list(x.split([2, 0, 3])),
        "every": lambda x: list(x.split(2, 1)),
        "empty": lambda x: list(x.split([0, 0])),
    },
    "padded": {
        "zeros": lambda x: F.pad(x, (0, 2, 1, 0)),
        "value": lambda x: F.pad(x, (1, 1), value=7),
        "empty": lambda x: F.pad(x, (1, 1)),
    },
    "flipped": {
        "both": lambda x: x.flip(0, 1),
        "one": lambda x: x.flip(-1),
        "empty": lambda x: x.flip(0),
    },
    # Indexing
    "subscript": {
        "position": lambda x: x[-1],
        "ranges": lambda x: x[1:, :, 2:5],
        "steps": lambda x: x[::2].flip(1),
        "negative slice": lambda x: x[-4:-1],
        "new axis": lambda x: x[:, None, 1:3],
        "ellipsis": lambda x: x[..., 0],
        "positions": lambda x, i: x[i],
        "mask": lambda x, m: x[m],
        "mask of rows": lambda x, m: x[m, 1:],
        "empty": lambda x: x[3:],
    },
    "subscript assignment": {
        "row": lambda x, v: assigned(x, (1, v)),
        "broadcast": lambda x, v: assigned(x, ((slice(1, None), slice(None, None, 2)), v)),
        "mask": lambda x, v, m: torch.where(m, v, x),
        # With repeated indices PyTorch leaves the order of the writes open; one after another it is ours.
        "repeated positions": lambda x, v: assigned(x, (1, v[0]), (3, v[1]), (1, v[2])),
        "empty": lambda x, v: assigned(x, (slice(3, None), v)),
    },
    "indexSelected": {
        "rows": lambda x, i: x[i],
        "columns": lambda x, i: x.index_select(1, i),
        "none": lambda x, i: x.index_select(0, i),
    },
    "indexAdded": lambda x, i, v: x.index_add(0, i, v),
    "gathered": {
        "rows": lambda x, i: x.gather(1, i % 4),
        "columns": lambda x, i: x.gather(0, i),
        "none": lambda x, i: x.gather(1, i),
    },
    "scatterAdded": lambda x, i, v: x.scatter_add(1, i, v),
    "nonzero": torch.nonzero,
    # Linear
    "matmul": {
        "transposed views": lambda a, b: a.T @ b.T,
        "": torch.matmul,
    },
    "linear": F.linear,
    # Networks
    "conv2d": {
        "plain": F.conv2d,
        "stride and padding": lambda x, w: F.conv2d(x, w, stride=(2, 1), padding=(1, 2)),
        "dilation": lambda x, w: F.conv2d(x, w, padding=1, dilation=(2, 1)),
        "groups": lambda x, w, b: F.conv2d(x, w, b, groups=2),
        "depthwise": lambda x, w: F.conv2d(x, w, padding=1, groups=3),
        "empty batch": F.conv2d,
    },
    "maxPool2d": {
        "plain": lambda x: F.max_pool2d(x, 2),
        "overlapping": lambda x: F.max_pool2d(x, 3, 2, 1),
        "dilation": lambda x: F.max_pool2d(x, (2, 3), 1, dilation=(2, 1)),
        "empty batch": lambda x: F.max_pool2d(x, 2),
    },
    "averagePool2d": {
        "plain": lambda x: F.avg_pool2d(x, 2),
        "padding counts": lambda x: F.avg_pool2d(x, 3, 2, 1),
        "padding does not count": lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
        "empty batch": lambda x: F.avg_pool2d(x, 2),
    },
    "softmax": along(torch.softmax),
    "logSoftmax": along(torch.log_softmax),
    "crossEntropy": {
        "mean": F.cross_entropy,
        "sum": lambda x, labels: F.cross_entropy(x, labels, reduction="sum"),
        "none": lambda x, labels: F.cross_entropy(x, labels, reduction="none"),
        "pictures": F.cross_entropy,
        "empty": lambda x, labels: F.cross_entropy(x, labels, reduction="sum"),
    },
    # Which elements are kept is Glassbox's choice, and comes with the inputs.
    "dropout": {
        "half": lambda x, kept: x * kept / (1 - 0.5),
        "none": lambda x, kept: x * kept,
        "empty": lambda x, kept: x * kept / (1 - 0.2),
    },
    "batchNorm": {
        "rows": lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True),
        "pictures": lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True),
        "evaluation": lambda x, w, b: F.batch_norm(x, *statistics(x), w, b),
        "empty batch in evaluation": lambda x, w, b: F.batch_norm(x, torch.zeros(3).double(), torch.ones(3).double(), w, b),
    },
}


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

    def numbered(name, kind):
        found = []
        while f"{name}/{kind} {len(found)}" in stored:
            found.append(stored[f"{name}/{kind} {len(found)}"])
        return found

    for name in metadata["samples"].split(","):
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
        if total is None or not total.requires_grad or name.split("/")[0] in {"sign", "floor", "ceil", "round"}:
            gradients = [torch.zeros_like(x) for x in floating] if name.startswith("cast/") else []
        else:
            gradients = torch.autograd.grad(total, floating, materialize_grads=True)
        for index, gradient in enumerate(gradients):
            goldens[f"{name}/gradient {index}"] = gradient

    special = stored["special/values"]
    goldens["special/values"] = special
    for op in metadata["unary"].split(","):
        goldens[f"special/{op}"] = function(op, "matrix")(special)
    n = len(special)
    for op in metadata["binary"].split(","):
        goldens[f"special/{op}"] = function(op, "same shape")(special[:, None].expand(n, n), special[None, :].expand(n, n))

    if missing:
        sys.exit("no line in OPS for: " + "; ".join(missing))
    save_file({name: x.detach().clone(memory_format=torch.contiguous_format) for name, x in goldens.items()}, TARGET)
    print(f"{len(metadata['samples'].split(','))} samples, {len(goldens)} tensors, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])
