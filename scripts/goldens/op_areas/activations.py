"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Activations: see scripts/goldens/ops.py."""

import torch
import torch.nn.functional as F

OPS = {
    "gelu": F.gelu,
    "gelu by tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "mish": F.mish,
    "softplus": lambda x: F.softplus(x, 1.5, 4),
    "logSigmoid": F.logsigmoid,
    "softsign": F.softsign,
    "tanhShrink": F.tanhshrink,
    "glu": {
        "last axis": F.glu,
        "first axis": lambda x: F.glu(x, 0),
        "empty": F.glu,
    },
    "leakyRelu": lambda x: F.leaky_relu(x, 0.1),
    "prelu": {
        "one slope": F.prelu,
        "channels": lambda x, slopes: F.prelu(x, slopes.reshape(3)),
        "empty": F.prelu,
    },
    "elu": lambda x: F.elu(x, 1.3),
    "selu": F.selu,
    "celu": lambda x: F.celu(x, 1.25),
    "relu6": F.relu6,
    "hardTanh": F.hardtanh,
    "hardSigmoid": F.hardsigmoid,
    "hardSwish": F.hardswish,
    "softShrink": lambda x: F.softshrink(x, 0.4),
    "hardShrink": lambda x: F.hardshrink(x, 0.4),
    "thresholded": lambda x: F.threshold(x, 0.3, 7),
}
