"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Indexing: see scripts/goldens/ops.py."""

import torch


def assigned(x, *pairs):
    """x with one part after another replaced."""
    y = x.clone()
    for part, value in pairs:
        y[part] = value
    return y


def written(x, axis, indices, values):
    """With repeated indices PyTorch leaves the order of the writes open; one after another it is ours."""
    y = x.clone()
    rows = torch.arange(indices.shape[1 - axis])
    for j in range(indices.shape[axis]):
        places = (rows, indices[:, j]) if axis == 1 else (indices[j], rows)
        y[places] = values.select(axis, j)
    return y


OPS = {
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
    "scattered": {
        "rows": lambda x, i, v: written(x, 1, i.sort().values, v),
        "columns": lambda x, i, v: written(x, 0, i, v),
        "none": lambda x, i, v: x.scatter(1, i, v),
    },
    "scattered, combining": {
        "max": lambda x, i, v: x.scatter_reduce(1, i, v, "amax"),
        "min": lambda x, i, v: x.scatter_reduce(0, i, v, "amin"),
        "product": lambda x, i, v: x.scatter_reduce(1, i, v, "prod"),
        "sum": lambda x, i, v: x.scatter_reduce(1, i, v, "sum"),
        "mean": lambda x, i, v: x.scatter_reduce(1, i, v, "mean"),
        "others' mean": lambda x, i, v: x.scatter_reduce(1, i, v, "mean", include_self=False),
        "others' sum": lambda x, i, v: x.scatter_reduce(0, i, v, "sum", include_self=False),
        "others' product": lambda x, i, v: x.scatter_reduce(1, i, v, "prod", include_self=False),
        "others' max": lambda x, i, v: x.scatter_reduce(1, i, v, "amax", include_self=False),
        "others' min": lambda x, i, v: x.scatter_reduce(1, i, v, "amin", include_self=False),
        "none": lambda x, i, v: x.scatter_reduce(1, i, v, "amax"),
    },
    "maskedFilled": {
        "mask": lambda x, m: x.masked_fill(m, -1.5),
        "rows": lambda x, m: x.masked_fill(m, 2),
        "empty": lambda x, m: x.masked_fill(m, 2),
    },
}
