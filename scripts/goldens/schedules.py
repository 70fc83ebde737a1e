"""Goldens for learning-rate schedules, gradient clipping and averaged weights, as PyTorch has them.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/schedules.safetensors; run it from anywhere:

    python scripts/goldens/schedules.py

<schedule> [60] are the learning rates at the steps 0, 1, …; plateau.<case> those after each of the measures in plateau.measures.
clip.* are gradients before and after clip_grad_norm_ with the norm that it returned; average.* weights over time, and what
AveragedModel makes of them; batch_norm.* the running statistics after update_bn over four batches.
"""

import torch
from store import store
from torch.optim import lr_scheduler as s
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

STEPS = 60
SCHEDULES = {
    "constant": lambda o: s.ConstantLR(o, factor=1),
    "step": lambda o: s.StepLR(o, 7, gamma=0.3),
    "multi_step": lambda o: s.MultiStepLR(o, [5, 11, 30], gamma=0.2),
    "exponential": lambda o: s.ExponentialLR(o, 0.9),
    "cosine": lambda o: s.CosineAnnealingLR(o, 40, eta_min=0.01),
    "restarts": lambda o: s.CosineAnnealingWarmRestarts(o, 10, eta_min=0.01),
    "restarts_longer": lambda o: s.CosineAnnealingWarmRestarts(o, 7, T_mult=2),
    "one_cycle": lambda o: s.OneCycleLR(o, 0.5, total_steps=STEPS),
    "one_cycle_linear": lambda o: s.OneCycleLR(
        o, 0.5, total_steps=STEPS, pct_start=0.25, anneal_strategy="linear", div_factor=10, final_div_factor=100),
    "polynomial": lambda o: s.PolynomialLR(o, total_iters=40, power=1.5),
    "cyclic": lambda o: s.CyclicLR(o, 0.01, 0.3, step_size_up=5, step_size_down=9, cycle_momentum=False),
    "cyclic_halving": lambda o: s.CyclicLR(o, 0.01, 0.3, step_size_up=6, mode="triangular2", cycle_momentum=False),
    "cyclic_exponential": lambda o: s.CyclicLR(
        o, 0.01, 0.3, step_size_up=6, mode="exp_range", gamma=0.95, cycle_momentum=False),
    "warm_up": lambda o: s.SequentialLR(
        o, [s.LinearLR(o, start_factor=0.1, total_iters=12), s.CosineAnnealingLR(o, 48)], [12]),
    "sequence": lambda o: s.SequentialLR(o, [s.ExponentialLR(o, 0.9), s.StepLR(o, 10)], [20]),
}
MEASURES = [3.0, 2.0, 2.0, 2.1, 1.9999, 2.2, 1.5, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6, 1.2, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3]
PLATEAUS = {
    "plain": dict(factor=0.1, patience=2),
    "maximum": dict(mode="max", factor=0.5, patience=1, threshold=0.05),
    "absolute": dict(factor=0.5, patience=1, threshold=0.45, threshold_mode="abs", min_lr=0.02),
    "pause": dict(factor=0.3, patience=1, cooldown=2),
}


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.2)


def rates(make):
    descent = optimizer()
    schedule = make(descent)
    values = []
    for step in range(STEPS):
        values.append(descent.param_groups[0]["lr"])
        descent.step()
        if step < STEPS - 1:
            schedule.step()
    return torch.tensor([float(value) for value in values], dtype=torch.float64)


def plateau(arguments):
    descent = optimizer()
    schedule = s.ReduceLROnPlateau(descent, **arguments)
    values = []
    for measure in MEASURES:
        schedule.step(measure)
        values.append(descent.param_groups[0]["lr"])
    return torch.tensor(values, dtype=torch.float64)


def averages(goldens):
    weights = torch.randn(8, 3, dtype=torch.float64)
    goldens["average.weights"] = weights
    model = torch.nn.Linear(3, 1, bias=False, dtype=torch.float64)
    kinds = {"equal": AveragedModel(model), "exponential": AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.8))}
    for name, average in kinds.items():
        history = []
        for value in weights:
            model.weight.data = value[None].clone()
            average.update_parameters(model)
            history.append(average.module.weight.detach()[0].clone())
        goldens[f"average.{name}"] = torch.stack(history)


def batch_norm(goldens):
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.ReLU(), torch.nn.BatchNorm1d(4, momentum=0.3))
    batches = torch.randn(4, 6, 3)
    goldens["batch_norm.batches"] = batches
    for name, tensor in model.state_dict().items():
        goldens[f"batch_norm.before.{name}"] = tensor.clone()
    update_bn(batches, model)
    for name, tensor in model.state_dict().items():
        goldens[f"batch_norm.after.{name}"] = tensor.clone()


def clipping(goldens):
    gradients = [torch.randn(4, 3, dtype=torch.float64), torch.randn(5, dtype=torch.float64)]
    for index, gradient in enumerate(gradients):
        goldens[f"clip.{index}"] = gradient
    for name, limit, order in [("two", 1.5, 2.0), ("three", 0.7, 3.0), ("infinity", 0.9, float("inf")), ("loose", 99.0, 2.0)]:
        parameters = [torch.nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient.clone()
        goldens[f"clip.{name}.norm"] = torch.nn.utils.clip_grad_norm_(parameters, limit, order)
        for index, parameter in enumerate(parameters):
            goldens[f"clip.{name}.{index}"] = parameter.grad


if __name__ == "__main__":
    torch.manual_seed(5)
    goldens = {name: rates(make) for name, make in SCHEDULES.items()}
    goldens["plateau.measures"] = torch.tensor(MEASURES, dtype=torch.float64)
    for name, arguments in PLATEAUS.items():
        goldens[f"plateau.{name}"] = plateau(arguments)
    averages(goldens)
    batch_norm(goldens)
    clipping(goldens)
    store(goldens, "schedules")
