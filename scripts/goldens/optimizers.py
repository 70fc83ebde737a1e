"""Goldens for the optimisers: parameters after steps along given gradients, as PyTorch takes them.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/optimizers.safetensors; run it from anywhere:

    python scripts/goldens/optimizers.py

start.0 and start.1 are two parameters, gradient.0 and gradient.1 [steps, ...] their gradients, and <case>.0 and <case>.1 [kept, ...]
their values after the steps whose numbers are in `kept`. In the steps 3, 4 and 5 the second parameter has no gradient, and stays.
Cases ending in _float32 are computed in float32, the others in float64. Lion and LAMB, which PyTorch lacks, are written out below
from their papers. groups has the second parameter in a group of its own; lbfgs* minimise Rosenbrock's function of the
first parameter's fifteen numbers and the second's seven, from the start, and keep values and losses after each step.
"""

import torch
from store import store

STEPS = 50
KEPT = [0, 1, 2, 3, 4, 5, 6, 7, 13, 24, 37, 49]


class Lion(torch.optim.Optimizer):
    """Chen et al., "Symbolic discovery of optimization algorithms", 2023, program 1."""

    def __init__(self, params, lr, beta1=0.9, beta2=0.99, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in (p for p in group["params"] if p.grad is not None):
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(m * beta1 + p.grad * (1 - beta1))
                self.state[p]["m"] = m * beta2 + p.grad * (1 - beta2)
                p.sub_((update + p * group["weight_decay"]) * group["lr"])


class LAMB(torch.optim.Optimizer):
    """You et al., "Large batch optimization for deep learning: training BERT in 76 minutes", 2020, algorithm 2."""

    def __init__(self, params, lr, beta1=0.9, beta2=0.999, eps=1e-6, weight_decay=0.01):
        super().__init__(params, dict(lr=lr, beta1=beta1, beta2=beta2, eps=eps, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["beta1"], group["beta2"]
            for p in (p for p in group["params"] if p.grad is not None):
                state = self.state[p]
                t = state["t"] = state.get("t", 0) + 1
                m = state["m"] = state.get("m", torch.zeros_like(p)) * beta1 + p.grad * (1 - beta1)
                v = state["v"] = state.get("v", torch.zeros_like(p)) * beta2 + p.grad**2 * (1 - beta2)
                r = (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + group["eps"])
                u = r + group["weight_decay"] * p
                p.sub_(group["lr"] * p.norm() / u.norm() * u)


CASES = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd_decay": lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.02),
    "sgd_momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "sgd_momentum_decay": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.02),
    "sgd_nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.8, weight_decay=0.02, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adam_decay": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01),
    "adamw_decay": lambda p: torch.optim.AdamW(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
    "sgd_maximize": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.5, weight_decay=0.02, maximize=True),
    "adam_amsgrad": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.7, 0.8), weight_decay=0.1, amsgrad=True),
    "adamw_amsgrad": lambda p: torch.optim.AdamW(p, lr=0.02, betas=(0.7, 0.8), amsgrad=True, maximize=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1),
    "adagrad_decay": lambda p: torch.optim.Adagrad(
        p, lr=0.1, lr_decay=0.01, weight_decay=0.02, initial_accumulator_value=0.5, eps=1e-6, maximize=True),
    "adadelta": lambda p: torch.optim.Adadelta(p),
    "adadelta_decay": lambda p: torch.optim.Adadelta(p, lr=0.5, rho=0.8, eps=1e-4, weight_decay=0.02, maximize=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p),
    "rmsprop_decay": lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.9, eps=1e-6, weight_decay=0.02, maximize=True),
    "rmsprop_momentum": lambda p: torch.optim.RMSprop(p, lr=0.005, momentum=0.9),
    "rmsprop_centred": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3, centered=True),
    "rmsprop_both": lambda p: torch.optim.RMSprop(
        p, lr=0.005, alpha=0.9, eps=1e-3, momentum=0.8, weight_decay=0.02, centered=True),
    "nadam": lambda p: torch.optim.NAdam(p),
    "nadam_decay": lambda p: torch.optim.NAdam(
        p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1, momentum_decay=0.01, maximize=True),
    "nadam_decoupled": lambda p: torch.optim.NAdam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True),
    "radam": lambda p: torch.optim.RAdam(p),
    "radam_decay": lambda p: torch.optim.RAdam(
        p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1, maximize=True),
    "radam_decoupled": lambda p: torch.optim.RAdam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True),
    "adamax": lambda p: torch.optim.Adamax(p),
    "adamax_decay": lambda p: torch.optim.Adamax(
        p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1, maximize=True),
    "lion": lambda p: Lion(p, lr=0.01),
    "lion_decay": lambda p: Lion(p, lr=0.02, beta1=0.8, beta2=0.95, weight_decay=0.1),
    "lamb": lambda p: LAMB(p, lr=0.01),
    "lamb_decay": lambda p: LAMB(p, lr=0.02, beta1=0.8, beta2=0.95, weight_decay=0.1),
    "groups": lambda p: torch.optim.AdamW(
        [{"params": p[:1]}, {"params": p[1:], "lr": 0.04, "betas": (0.5, 0.9), "weight_decay": 0}], lr=0.02),
}
LBFGS_CASES = {
    "lbfgs": lambda p: torch.optim.LBFGS(p, lr=0.002, max_iter=4, history_size=3),
    "lbfgs_wolfe": lambda p: torch.optim.LBFGS(p, max_iter=6, history_size=5, line_search_fn="strong_wolfe"),
}


def run(make, start, gradients, dtype):
    parameters = [torch.nn.Parameter(tensor.to(dtype).clone()) for tensor in start]
    optimizer = make(parameters)
    history = [[], []]
    for step in range(STEPS):
        for index, parameter in enumerate(parameters):
            skipped = index == 1 and 3 <= step <= 5
            parameter.grad = None if skipped else gradients[index][step].to(dtype).clone()
        optimizer.step()
        for index, parameter in enumerate(parameters):
            if step in KEPT:
                history[index].append(parameter.detach().clone())
    return [torch.stack(values) for values in history]


def minimise(make, start):
    parameters = [torch.nn.Parameter(tensor.clone()) for tensor in start]
    optimizer = make(parameters)
    history = [[], [], []]

    def closure():
        optimizer.zero_grad()
        x = torch.cat([parameter.flatten() for parameter in parameters])
        loss = (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
        loss.backward()
        return loss

    for _ in range(6):
        history[2].append(optimizer.step(closure).detach())
        for index, parameter in enumerate(parameters):
            history[index].append(parameter.detach().clone())
    return [torch.stack(values) for values in history]


if __name__ == "__main__":
    # Or else NAdam would keep a product in float32.
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(11)
    shapes = [(5, 3), (7,)]
    start = [torch.randn(shape, dtype=torch.float64) for shape in shapes]
    gradients = [torch.randn((STEPS, *shape), dtype=torch.float64) for shape in shapes]
    goldens = {}
    for index in range(2):
        goldens[f"start.{index}"] = start[index]
        goldens[f"gradient.{index}"] = gradients[index]
    for name, make in CASES.items():
        for suffix, dtype in [("", torch.float64), ("_float32", torch.float32)]:
            for index, values in enumerate(run(make, start, gradients, dtype)):
                goldens[f"{name}{suffix}.{index}"] = values
    goldens["kept"] = torch.tensor(KEPT)
    for name, make in LBFGS_CASES.items():
        for key, values in zip(["0", "1", "loss"], minimise(make, start)):
            goldens[f"{name}.{key}"] = values
    store(goldens, "optimizers")
