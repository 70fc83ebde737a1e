"""The losses of ten training steps in PyTorch, which the tests in ModelsTests follow from the same start.

Needs torch 2.15 and safetensors 0.8. Writes Tests/Goldens/traces.safetensors; run it from anywhere:

    python scripts/goldens/traces.py

Weights and data are not stored: both sides make element k of tensor number t as sin(0.7·k + 1.3·t), scaled (see `wave` and `start`).
"""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from store import store

STEPS = 10


def wave(number, *shape):
    """sin(0.7·k + 1.3·number) for the k-th element."""
    k = torch.arange(math.prod(shape), dtype=torch.float64)
    return torch.sin(0.7 * k + 1.3 * number).reshape(shape)


def start(model):
    """Matrices and kernels 1.5·wave/√fan-in; vectors 0.1·wave, about 1 for the scales of a normalisation."""
    with torch.no_grad():
        for number, (name, p) in enumerate(model.named_parameters()):
            if p.dim() > 1:
                p.copy_(1.5 * wave(number, *p.shape) / math.sqrt(p[0].numel()))
            else:
                p.copy_(0.1 * wave(number, *p.shape) + (1 if name.endswith("weight") else 0))
    return model


def trace(model, optimizer, x, y):
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return torch.tensor(losses, dtype=x.dtype)


class Block(nn.Module):
    """A residual block of He et al. (2016), shortcut option A."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.stride, self.widened = stride, filters - channels

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride > 1 or self.widened:
            half = self.widened // 2
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, half, self.widened - half))
        return F.relu(x + y)


def resnet20():
    def stage(channels, filters, stride):
        return nn.Sequential(Block(channels, filters, stride), Block(filters, filters, 1), Block(filters, filters, 1))

    return nn.Sequential(
        nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), stage(16, 16, 1), stage(16, 32, 2),
        stage(32, 64, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def mlp():
    return nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 8), nn.Tanh(), nn.Linear(8, 4))


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def main():
    goldens = {}
    for dtype, suffix in [(torch.float64, "float64"), (torch.float32, "float32")]:
        model = start(mlp().double()).to(dtype)
        labels = torch.arange(8) % 4
        goldens[f"mlp.{suffix}"] = trace(model, torch.optim.Adam(model.parameters(), 0.01), wave(90, 8, 12).to(dtype), labels)
        model = start(lenet().double()).to(dtype)
        optimizer = torch.optim.SGD(model.parameters(), 0.02, momentum=0.9, weight_decay=1e-3)
        goldens[f"lenet.{suffix}"] = trace(model, optimizer, wave(91, 4, 1, 28, 28).to(dtype), torch.arange(4) * 2)
        model = start(resnet20().double()).to(dtype)
        optimizer = torch.optim.SGD(model.parameters(), 0.02, momentum=0.9, weight_decay=1e-4)
        goldens[f"resnet20.{suffix}"] = trace(model, optimizer, wave(92, 4, 3, 16, 16).to(dtype), torch.arange(4) * 3 % 10)
    store(goldens, "traces")


if __name__ == "__main__":
    main()
