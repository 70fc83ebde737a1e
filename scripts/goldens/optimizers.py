"""Goldens for the optimisers: parameters after each of 25 steps along given gradients, as PyTorch takes them.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/optimizers.safetensors; run it from anywhere:

    python scripts/goldens/optimizers.py

start.0 and start.1 are two parameters, gradient.0 and gradient.1 [steps, ...] their gradients, and <case>.0 and <case>.1 [steps, ...]
their values after each step. In the steps 3, 4 and 5 the second parameter has no gradient, and stays. Cases ending in
_float32 are computed in float32, the others in float64.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

FOLDER = Path(__file__).resolve().parents[2] / "Tests" / "Goldens"
STEPS = 25
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
            history[index].append(parameter.detach().clone())
    return [torch.stack(values) for values in history]


if __name__ == "__main__":
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
    FOLDER.mkdir(parents=True, exist_ok=True)
    save_file(goldens, FOLDER / "optimizers.safetensors")
