"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Linear: see scripts/goldens/ops.py."""

import torch
import torch.nn.functional as F

OPS = {
    "matmul": {
        "transposed views": lambda a, b: a.T @ b.T,
        "": torch.matmul,
    },
    "linear": F.linear,
}
