"""PyTorch's side of the benchmark (see peer.py): the same work as Sources/glassbox-bench, eager.

Usage: pytorch.py THREADS
"""

import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from peer import serve

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
workloads = {}


def workload(name):
    """Registers a function that builds what the work needs and returns the work."""

    def register(prepare):
        workloads[name] = prepare
        return prepare

    return register


def step(model, optimizer, x, y):
    def work():
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()

    return work


def small_network():
    return nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 2))


# Training steps.
@workload("MLP 784-512-256-10, batch 128, Adam")
def mlp():
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
    return step(model, torch.optim.Adam(model.parameters()), torch.rand(128, 784), torch.randint(0, 10, (128,)))


@workload("MLP 4-64-64-2 tanh, batch 32, Adam")
def small_mlp():
    model = small_network()
    return step(model, torch.optim.Adam(model.parameters()), torch.rand(32, 4), torch.randint(0, 2, (32,)))


@workload("LeNet, batch 128, SGD")
def lenet():
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    return step(model, optimizer, torch.rand(128, 1, 28, 28), torch.randint(0, 10, (128,)))


@workload("MLP 4-64-64-2 tanh, inference, batch 1")
def inference():
    model, single = small_network(), torch.rand(1, 4)

    def work():
        with torch.no_grad():
            return model(single)

    return work


# Element-wise work and reductions.
def elementwise(count, label):
    @workload(f"add {label}")
    def add():
        a, b = torch.rand(count), torch.rand(count)
        return lambda: a + b

    @workload(f"exp {label}")
    def exp():
        a = torch.rand(count)
        return lambda: a.exp()

    @workload(f"sum {label}")
    def total():
        a = torch.rand(count)
        return lambda: a.sum()


elementwise(16, "16")
elementwise(4_000_000, "4M")


@workload("add 16, recorded")
def recorded_add():
    a, b = torch.rand(16, requires_grad=True), torch.rand(16)
    return lambda: a + b


@workload("softmax 4096×1024")
def softmax():
    rows = torch.rand(4096, 1024)
    return lambda: rows.softmax(1)


# Matrix products.
def product(n):
    @workload(f"matmul {n}")
    def multiply():
        a, b = torch.rand(n, n), torch.rand(n, n)
        return lambda: a @ b


for n in [64, 128, 256, 512, 1024, 2048]:
    product(n)

serve(f"PyTorch {torch.__version__}, eager", workloads)
