"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Ordering: see scripts/goldens/ops.py."""

import torch


def unique(x):
    return list(torch.unique(x.detach(), return_inverse=True, return_counts=True))


def counted(length):
    """torch.bincount has no derivative; with weights it is index_add."""

    def count(x, *weights):
        if weights:
            return torch.zeros(length, dtype=weights[0].dtype).index_add(0, x.flatten(), weights[0].flatten())
        return torch.bincount(x.flatten(), minlength=length)

    return count


OPS = {
    "sorted": {
        "rows": lambda x: list(torch.sort(x, stable=True)),
        "falling columns": lambda x: list(torch.sort(x, dim=0, descending=True, stable=True)),
        "integers": lambda x: list(torch.sort(x, stable=True)),
        "empty": lambda x: torch.sort(x).values,
    },
    "topK": {
        "rows": lambda x: list(torch.topk(x, 2)),
        "smallest of columns": lambda x: list(torch.topk(x, 4, 0, largest=False)),
        "none": lambda x: torch.topk(x, 0).values,
    },
    "kthSmallest": {
        "rows": lambda x: list(torch.kthvalue(x, 2)),
        "columns": lambda x: torch.kthvalue(x, 4, 0).values,
        "no rows": lambda x: torch.kthvalue(x, 1).values,
    },
    "median": {
        "rows": lambda x: list(torch.median(x, 1)),
        "even columns": lambda x: torch.median(x, 0).values,
        "no rows": lambda x: torch.median(x, 1).values,
    },
    "quantile": {
        "rows": lambda x: [torch.quantile(x, 0.3, 1), torch.quantile(x, 1.0, 1)],
        "columns": lambda x: torch.quantile(x, 0.5, 0, keepdim=True),
        "no rows": lambda x: x.sum(1),
    },
    "unique": {
        "integers": unique,
        "floats": unique,
        "empty": lambda x: unique(x)[::2],
    },
    "binCount": {
        "counts": counted(7),
        "weights": counted(4),
        "empty": counted(3),
    },
    "histogram": {
        "own range": lambda x: torch.histc(x, 4).long(),
        "given range": lambda x: torch.histc(x, 5, -1, 1).long(),
        "empty": lambda x: torch.zeros(3).long(),
    },
    "searchSorted": {
        "vector": lambda x, v: torch.searchsorted(x.sort().values, v),
        "after equals": lambda x, v: torch.searchsorted(x.sort().values, v, right=True),
        "rows": lambda x, v: torch.searchsorted(x.sort().values, v),
        "empty": torch.searchsorted,
    },
    "countNonzero": {
        "all": torch.count_nonzero,
        "rows": lambda x: torch.count_nonzero(x, 1),
        "empty": torch.count_nonzero,
    },
}
