"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Networks: see scripts/goldens/ops.py."""

import torch
import torch.nn.functional as F


def along(f):
    """The samples of softmax and its logarithm."""
    return {
        "last axis": lambda x: f(x, -1),
        "first axis": lambda x: f(x, 0),
        "large numbers": lambda x: f(x, 1),
        "no rows": lambda x: f(x, 1),
    }


def statistics(like):
    return torch.tensor([0.1, 0.2, 0.3], dtype=like.dtype), torch.tensor([1.0, 2.0, 0.5], dtype=like.dtype)


OPS = {
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
        "ceil mode": lambda x: F.max_pool2d(x, 3, (2, 3), (0, 1), ceil_mode=True),
        "ceil mode, none beyond": lambda x: F.max_pool2d(x, 2, (3, 4), 1, ceil_mode=True),
        "empty batch": lambda x: F.max_pool2d(x, 2),
    },
    "averagePool2d": {
        "plain": lambda x: F.avg_pool2d(x, 2),
        "padding counts": lambda x: F.avg_pool2d(x, 3, 2, 1),
        "padding does not count": lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
        "ceil mode": lambda x: F.avg_pool2d(x, 3, (2, 3), (0, 1), ceil_mode=True),
        "ceil mode, padding does not count": lambda x: F.avg_pool2d(x, 3, (2, 3), (0, 1), True, False),
        "divisor": lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, divisor_override=5),
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
        "empty batch in evaluation": lambda x, w, b: F.batch_norm(x, torch.zeros(3, dtype=x.dtype), torch.ones(3, dtype=x.dtype), w, b),
    },
}
