"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Shapes: see scripts/goldens/ops.py."""

import torch
import torch.nn.functional as F

OPS = {
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
    "tiled": {
        "matrix": lambda x: x.tile(2, 3),
        "new axis": lambda x: x.tile(2, 1, 2),
        "empty": lambda x: x.tile(2, 2),
    },
    "repeatedElements": {
        "rows": lambda x: x.repeat_interleave(3, 0),
        "counts": lambda x: x.repeat_interleave(torch.tensor([2, 0, 1]), 1),
        "empty": lambda x: x.repeat_interleave(2, 1),
    },
    "rolled": {
        "forward": lambda x: x.roll(2, 1),
        "backward": lambda x: x.roll(-5, 0),
        "empty": lambda x: x.roll(1, 0),
    },
    "rotated": {
        "one": lambda x: x.rot90(),
        "minus one": lambda x: x.rot90(-1, (1, 2)),
        "empty": lambda x: x.rot90(2),
    },
    "meshgrid": lambda *xs: list(torch.meshgrid(*xs, indexing="ij")),
    "oneHot": {
        "vector": lambda x: F.one_hot(x, 4).float(),
        "matrix": lambda x: F.one_hot(x, 5).float(),
        "empty": lambda x: F.one_hot(x, 3).float(),
    },
}
