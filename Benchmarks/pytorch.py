"""The peers' side of the benchmark: the same work in PyTorch eager. Prints {workload: seconds} as JSON.

Usage: pytorch.py THREADS SECONDS_PER_WORKLOAD [NAME_PART]
"""

import json
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.benchmark import Timer

threads = int(sys.argv[1])
seconds = float(sys.argv[2])
part = sys.argv[3] if len(sys.argv) > 3 else ""
torch.set_num_threads(threads)
torch.manual_seed(0)
results = {}


def measure(name, work):
    if part not in name:
        return
    timer = Timer("work()", globals={"work": work}, num_threads=threads)
    results[name] = timer.blocked_autorange(min_run_time=seconds).median


def train(name, model, optimizer, x, y, loss):
    def step():
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

    measure(name, step)


# Training steps.
mlp = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
labels = torch.randint(0, 10, (128,))
train("MLP 784-512-256-10, batch 128, Adam", mlp, torch.optim.Adam(mlp.parameters()), torch.rand(128, 784), labels, F.cross_entropy)

small = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 2))
train(
    "MLP 4-64-64-2 tanh, batch 32, Adam", small, torch.optim.Adam(small.parameters()), torch.rand(32, 4),
    torch.randint(0, 2, (32,)), F.cross_entropy)

lenet = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
train(
    "LeNet, batch 128, SGD", lenet, torch.optim.SGD(lenet.parameters(), lr=0.01, momentum=0.9), torch.rand(128, 1, 28, 28), labels,
    F.cross_entropy)

# Inference.
single = torch.rand(1, 4)


def infer():
    with torch.no_grad():
        return small(single)


measure("MLP 4-64-64-2 tanh, inference, batch 1", infer)

# Element-wise work and reductions.
for count, label in [(16, "16"), (4_000_000, "4M")]:
    a, b = torch.rand(count), torch.rand(count)
    measure(f"add {label}", lambda: a + b)
    measure(f"exp {label}", lambda: a.exp())
    measure(f"sum {label}", lambda: a.sum())

rows = torch.rand(4096, 1024)
measure("softmax 4096×1024", lambda: rows.softmax(1))

# Matrix products.
for n in [64, 128, 256, 512, 1024, 2048]:
    p, q = torch.rand(n, n), torch.rand(n, n)
    measure(f"matmul {n}", lambda: p @ q)

print(json.dumps({"version": torch.__version__, "seconds": results}))
