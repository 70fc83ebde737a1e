"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Scans: see scripts/goldens/ops.py."""

import torch


def along(f):
    """The samples of an op along one axis."""
    return {"rows": lambda x: f(x, 1), "columns": lambda x: f(x, 0), "middle": lambda x: f(x, -2), "empty": lambda x: f(x, 1)}


OPS = {
    "cumulativeSum": along(torch.cumsum),
    "cumulativeProduct": along(torch.cumprod),
    "cumulativeProduct with zeros": lambda x: torch.cumprod(x, 0),
    "cumulativeLogSumExp": along(torch.logcumsumexp),
    "cumulativeMax": along(lambda x, axis: list(torch.cummax(x, axis))),
    "cumulativeMin": along(lambda x, axis: list(torch.cummin(x, axis))),
    "differences": along(lambda x, axis: torch.diff(x, dim=axis)),
}
