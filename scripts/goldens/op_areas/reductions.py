"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Reductions: see scripts/goldens/ops.py."""

import torch


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


def over_axes(f):
    """PyTorch's all and any take one axis at a time."""

    def reduce(x, axes, keep):
        for axis in sorted((a % x.ndim for a in axes), reverse=True):
            x = f(x, axis, keepdim=keep)
        return x

    return reduce


def without_nan(f):
    """The samples of a reduction that leaves NaN out."""

    def holed(x):
        return torch.where(x < -0.5, torch.nan, x)

    return {"all": lambda x: f(holed(x)), "rows": lambda x: f(holed(x), 1), "no rows": lambda x: f(x, 1)}


OPS = {
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
    "product": reduction(lambda x, axes, keep: over_axes(torch.prod)(x, axes, keep)),
    "nanSum": without_nan(torch.nansum),
    "nanMean": without_nan(torch.nanmean),
    "nanMax": without_nan(lambda x, *axes: x.nan_to_num(-torch.inf, torch.inf, -torch.inf).amax(*axes)),
    "nanMin": without_nan(lambda x, *axes: x.nan_to_num(torch.inf, torch.inf, -torch.inf).amin(*axes)),
}
