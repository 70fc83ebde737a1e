"""Goldens for the models that torchvision has too: what its ResNets and VGGs compute.

Needs torchvision 0.29, torch 2.15 and safetensors 0.8. Writes Tests/Goldens/torchvision.safetensors; run it from anywhere:

    python scripts/goldens/torchvision_models.py

Weights are not stored: the test fills its model by the formula of `filled`. The classifiers of VGGs are made narrow (64), and what they lack
to torchvision's is counted by the test. All in float64, of weights that float32 holds. <model>.y are the logits for <size> pictures,
<model>.norms the norms of the gradients of all parameters, in order, when the logits' gradient is `filled` too; <model>.keys is a checksum of
the names and shapes of the state dictionary, <model>.count the number of torchvision's parameters. <model>.train… are the same in training mode,
with the norms of buffers after it.
"""

import math
import zlib

import torch
import torchvision
from store import store

CLASSES, HIDDEN = 7, 64


def filled(shape, seed, spread=1.0):
    """Numbers without order in ±spread, from integers, thus the same everywhere."""
    i = torch.arange(math.prod(shape), dtype=torch.int64)
    numbers = (i * i * 31 + i * 17 + seed * 7919) % 10007
    return ((numbers.double() / 10006 * 2 - 1) * spread).float().reshape(shape)


def fill(model):
    """Weights with the variance 2/fan in, the rest around 0, or around 1 where it multiplies."""
    with torch.no_grad():
        for seed, (name, x) in enumerate(model.state_dict().items()):
            if x.dim() >= 2:
                x.copy_(filled(x.shape, seed, math.sqrt(6 / x[0].numel())))
            elif name.endswith("running_var") or (name.endswith("weight") and x.dim() == 1):
                x.copy_(1 + filled(x.shape, seed, 0.25))
            elif x.dim() == 1:
                x.copy_(filled(x.shape, seed, 0.25))
            else:
                x.zero_()


def norms(tensors):
    return torch.stack([x.double().norm() for x in tensors])


def case(name, size, trains):
    with torch.device("meta"):
        count = sum(p.numel() for p in torchvision.models.get_model(name).parameters())
    with torch.device("meta" if name.startswith("vgg") else "cpu"):
        model = torchvision.models.get_model(name, num_classes=CLASSES)
    if name.startswith("vgg"):
        model.classifier[0] = torch.nn.Linear(512 * 49, HIDDEN)
        model.classifier[3] = torch.nn.Linear(HIDDEN, HIDDEN)
        model.classifier[6] = torch.nn.Linear(HIDDEN, CLASSES)
        model.to_empty(device="cpu")
    fill(model)
    model.double()
    keys = "\n".join(f"{key} {list(x.shape)}" for key, x in sorted(model.state_dict().items()))
    goldens[f"{name}.keys"] = torch.tensor(zlib.crc32(keys.encode()))
    goldens[f"{name}.count"] = torch.tensor(count)
    x = filled([2, 3, size, size], 1).double()
    goldens[f"{name}.size"] = torch.tensor(size)
    for mode in ["", ".train"] if trains else [""]:
        model.train(mode == ".train")
        model.zero_grad()
        y = model(x)
        y.backward(filled(y.shape, 2).double())
        goldens[f"{name}{mode}.y"] = y
        goldens[f"{name}{mode}.norms"] = norms(p.grad for p in model.parameters())
    if trains:
        goldens[f"{name}.train.buffers"] = norms(model.buffers())


if __name__ == "__main__":
    goldens = {}
    for depth in [18, 34, 50, 101]:
        case(f"resnet{depth}", 64, trains=depth in [18, 50])
    for depth in [11, 13, 16, 19]:
        case(f"vgg{depth}", 32, trains=False)
        case(f"vgg{depth}_bn", 32, trains=False)
    store(goldens, "torchvision")
