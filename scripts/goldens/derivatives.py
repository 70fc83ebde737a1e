"""Goldens for the derivatives of functions: torch.func's, in float64.

Needs torch 2.15 and safetensors 0.8. Writes Tests/Goldens/derivatives.safetensors; run it from anywhere:

    python scripts/goldens/derivatives.py

x [3, 2], v of the same shape, w [4, 2] and u [3, 4] are the inputs. With F(x) = tanh(x·wᵀ)·exp(Σx/10) [3, 4] and f(x) = Σ F(x)³:
value, gradient, jacobian, hessian, vjp = uᵀ·J, jvp = J·v and hvp = H·v.
"""

import torch
from store import store
from torch import func


if __name__ == "__main__":
    torch.manual_seed(7)
    torch.set_default_dtype(torch.float64)
    x, v, w, u = torch.randn(3, 2), torch.randn(3, 2), torch.randn(4, 2), torch.randn(3, 4)

    def many(x):
        return torch.tanh(x @ w.T) * torch.exp(x.sum() / 10)

    def one(x):
        return (many(x) ** 3).sum()

    store(
        {
            "x": x, "v": v, "w": w, "u": u,
            "value": one(x),
            "gradient": func.grad(one)(x),
            "jacobian": func.jacrev(many)(x),
            "hessian": func.hessian(one)(x),
            "vjp": func.vjp(many, x)[1](u)[0],
            "jvp": func.jvp(many, (x,), (v,))[1],
            "hvp": func.jvp(func.grad(one), (x,), (v,))[1],
        },
        "derivatives",
    )
