"""What PyTorch computes for the ops in Sources/TensorCore/Ops/LinearAlgebra: see scripts/goldens/ops.py."""

from functools import partial

import torch
from torch import linalg

EQUATIONS = [
    "ij,jk->ik", "bhid,bhjd->bhij", "bihd,bjhd->bhij", "ij,jk", "ba", "ii", "ii->i", "iij,jk->ki", "...ij,...jk->...ik",
    "i...,i...->...", "b...->...", "ij->", "i,i", "i,j->ji", "ij,ij->ij", "ij,kj->ik", "ij,jk,kl,lm->im",
    "ijk,jl,kl,l->il", "i,ij,j->", "ij,jk->ik ", "i j , j k -> i k",
]


def definite(x):
    return x @ x.mT + torch.eye(x.shape[-1], dtype=x.dtype)


def shifted(x, s=3):
    rows, columns = x.shape[-2:]
    return x + s * torch.eye(rows, columns, dtype=x.dtype)


def symmetric(x):
    return x + x.mT


def qr(s):
    def samples(x):
        q, r = linalg.qr(shifted(x, s))
        return [q.square(), r.square(), q @ r]

    return samples


def svd(x):
    u, s, vt = linalg.svd(x, full_matrices=False)
    return [u.square(), s, vt.square(), (u * s.square().unsqueeze(-2)) @ vt]


def eigh(x):
    values, vectors = linalg.eigh(symmetric(x))
    return [values, vectors.square(), (vectors * values.square().unsqueeze(-2)) @ vectors.mT]


def least_squares(a, b):
    """PyTorch's driver for full rank; its gradient is the pseudo-inverse's."""
    return linalg.lstsq(a, b if b.ndim > 1 else b.unsqueeze(-1), driver="gels").solution.reshape(
        (*a.shape[:-2], a.shape[-1], *b.shape[a.ndim - 1:]))


def triangle(f):
    return {"": lambda x: f(x, 0), "wide batch": lambda x: f(x, 1), "tall": lambda x: f(x, -2)}


def kronecker(a, b):
    if a.ndim == 1:
        return torch.kron(a, b)
    product = torch.einsum("...ij,...kl->...ikjl", a, b)
    return product.reshape(*product.shape[:-4], a.shape[-2] * b.shape[-2], a.shape[-1] * b.shape[-1])


OPS = {
    "cholesky": lambda x: linalg.cholesky(definite(x)),
    "qr": {"square": qr(2), "no rows": qr(0), "": qr(3)},
    "svd": svd,
    "singularValues": linalg.svdvals,
    "eigh": eigh,
    "eigvalsh": lambda x: linalg.eigvalsh(symmetric(x)),
    "solve": {
        "vector": lambda a, b: linalg.solve(shifted(a), b),
        "pivoting": lambda a, b: linalg.solve(shifted(a).flip(0), b),
        "": lambda a, b: linalg.solve(shifted(a), b),
    },
    "triangularSolve": {
        "upper": lambda a, b: linalg.solve_triangular(shifted(a), b, upper=True),
        "unit diagonal": lambda a, b: linalg.solve_triangular(a, b, upper=False, unitriangular=True),
        "": lambda a, b: linalg.solve_triangular(shifted(a), b, upper=False),
    },
    "inverse": {"no rows": linalg.inv, "": lambda x: linalg.inv(shifted(x))},
    "matrixPower": {
        "fifth": lambda x: linalg.matrix_power(x, 5),
        "minus second": lambda x: linalg.matrix_power(shifted(x), -2),
        "none": lambda x: linalg.matrix_power(x, 0) + 0 * x,
        "no matrices": lambda x: linalg.matrix_power(x, 3),
    },
    "determinant": linalg.det,
    "logDeterminant": {"one": lambda x: list(linalg.slogdet(x)), "": lambda x: linalg.slogdet(x)[1]},
    "norm": {
        "Euclidean": lambda x: linalg.vector_norm(x),
        "rows": lambda x: linalg.vector_norm(x, dim=1, keepdim=True),
        "one": lambda x: linalg.vector_norm(x, 1, dim=(0, 2)),
        "three": lambda x: linalg.vector_norm(x, 3, dim=0),
        "half": lambda x: linalg.vector_norm(x, 0.5),
        "largest": lambda x: linalg.vector_norm(x, torch.inf, dim=1),
        "smallest": lambda x: linalg.vector_norm(x, -torch.inf, dim=1),
        "empty": lambda x: linalg.vector_norm(x, dim=1),
    },
    "matrixNorm": {
        "Frobenius": linalg.matrix_norm,
        "nuclear": lambda x: linalg.matrix_norm(x, "nuc"),
        "spectral": lambda x: linalg.matrix_norm(x, 2),
        "one": lambda x: linalg.matrix_norm(x, 1),
        "infinity": lambda x: linalg.matrix_norm(x, torch.inf),
        "no matrices": lambda x: linalg.matrix_norm(x, "nuc"),
    },
    "pseudoInverse": {"tall batch": linalg.pinv, "empty": linalg.pinv, "": lambda x: linalg.pinv(shifted(x))},
    "leastSquares": {"wide": lambda a, b: least_squares(shifted(a), b), "": least_squares},
    "matrixExponential": {"large": lambda x: linalg.matrix_exp(x - 2 * x.mT), "": linalg.matrix_exp},
    "lowerTriangle": triangle(torch.tril),
    "upperTriangle": triangle(torch.triu),
    "diagonal": {
        "square": lambda x: x.diagonal(),
        "above": lambda x: x.diagonal(2, -2, -1),
        "below": lambda x: x.diagonal(-1),
        "other axes": lambda x: x.diagonal(1, 2, 0),
        "outside": lambda x: x.diagonal(3, -2, -1),
    },
    "diagonalMatrix": {
        "batch above": lambda x: torch.diag_embed(x, 1),
        "below": lambda x: torch.diag_embed(x, -2),
        "": torch.diag_embed,
    },
    "trace": lambda x: x.diagonal(0, -2, -1).sum(-1),
    "dot": torch.dot,
    "outer": torch.outer,
    "kronecker": kronecker,
    "einsum": {e.replace(",", "·"): partial(torch.einsum, e) for e in EQUATIONS},
    "cross": {"first axis": lambda a, b: linalg.cross(a, b, dim=0), "broadcast": lambda a, b: linalg.cross(a, b[None]), "": linalg.cross},
}
