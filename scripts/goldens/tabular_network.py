"""Goldens for TabularNetwork: fastai's TabularModel written out in PyTorch, for the tests in ModelsTests.

Needs torch 2.15. Writes Tests/Goldens/tabular_network.safetensors; run it from anywhere:

    python scripts/goldens/tabular_network.py

A case has its inputs (numbers, categories), y, the gradient sent back (dy), the numbers' gradient (dnumbers), the state dictionary before
(state.*), the parameters' gradients (gradient.*) and the running statistics after (after.*); all in training mode, float32.
"""

import torch
from store import store
from torch import nn


class TabularModel(nn.Module):
    def __init__(self, numbers, categories, outputs, hidden, output_range=None):
        super().__init__()
        widths = [min(600, round(1.6 * size**0.56)) for size in categories]
        self.embeds = nn.ModuleList(nn.Embedding(size, width) for size, width in zip(categories, widths))
        self.bn_cont = nn.BatchNorm1d(numbers) if numbers else None
        sizes = [numbers + sum(widths), *hidden]
        blocks = [nn.Sequential(nn.Linear(a, b, bias=False), nn.ReLU(), nn.BatchNorm1d(b)) for a, b in zip(sizes, hidden)]
        self.layers = nn.Sequential(*blocks, nn.Sequential(nn.Linear(sizes[-1], outputs)))
        self.output_range = output_range

    def forward(self, numbers, categories):
        parts = []
        if len(self.embeds):
            parts.append(torch.cat([embed(categories[:, i]) for i, embed in enumerate(self.embeds)], 1))
        if self.bn_cont is not None:
            parts.append(self.bn_cont(numbers))
        y = self.layers(torch.cat(parts, 1))
        if self.output_range is None:
            return y
        low, high = self.output_range
        return y.sigmoid() * (high - low) + low


goldens = {}
torch.manual_seed(3)
for name, numbers, categories, outputs, hidden, output_range in [
    ("both", 3, [9, 4], 2, [8, 6], None), ("numbers", 4, [], 1, [5], (-1.0, 3.0)), ("categories", 0, [5, 30], 3, [], None)]:
    model = TabularModel(numbers, categories, outputs, hidden, output_range)
    for _, parameter in model.named_parameters():
        nn.init.uniform_(parameter, -0.8, 0.8)
    for key, tensor in model.state_dict().items():
        goldens[f"{name}.state.{key}"] = tensor.clone()
    x = torch.randn(6, numbers).requires_grad_()
    indices = torch.stack([torch.randint(size, (6,)) for size in categories], 1) if categories else torch.zeros(6, 0).long()
    y = model(x, indices)
    dy = torch.randn_like(y)
    y.backward(dy)
    goldens |= {f"{name}.numbers": x, f"{name}.categories": indices, f"{name}.y": y, f"{name}.dy": dy}
    if numbers:
        goldens[f"{name}.dnumbers"] = x.grad
    for key, parameter in model.named_parameters():
        goldens[f"{name}.gradient.{key}"] = parameter.grad
    for key, tensor in model.state_dict().items():
        if "running" in key:
            goldens[f"{name}.after.{key}"] = tensor
store(goldens, "tabular_network")
