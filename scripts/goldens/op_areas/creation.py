"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Creation: see scripts/goldens/ops.py."""

import torch

OPS = {
    "creation": {
        "full": lambda: torch.full((2, 3), 1.5),
        "range": lambda: [torch.arange(1, 4, 0.7), torch.arange(5, 0, -2)],
        "linspace": lambda: torch.linspace(-1, 2, 7),
        "eye": lambda: [torch.eye(3), torch.eye(2, 4)],
        "empty": lambda: [torch.zeros(0, 2), torch.arange(1.0, 1.0), torch.linspace(0, 1, 0)],
    },
}
