"""The networks of the tasks, as Sources/Models/{ResNetCIFAR,TabularNetwork}.swift have them, with the same names in their state dicts."""

import torch
import torch.nn.functional as F
from torch import nn


class ResidualBlock(nn.Module):
    """A residual block of He et al. (2016), shortcut option A: every second pixel, and zeros for new channels."""

    def __init__(self, channels, filters, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.stride, self.widened = stride, filters - channels

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)), inplace=True)))
        if self.stride > 1 or self.widened:
            half = self.widened // 2
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, half, self.widened - half))
        return F.relu(y.add_(x), inplace=True)


class ResNetCIFAR(nn.Module):
    """He et al. (2016), §4.2: three stages of `blocks` residual blocks with width, 2·width and 4·width channels."""

    def __init__(self, blocks=3, channels=3, classes=10, width=16):
        super().__init__()

        def stage(channels, filters, stride):
            rest = (ResidualBlock(filters, filters) for _ in range(blocks - 1))
            return nn.Sequential(ResidualBlock(channels, filters, stride), *rest)

        self.conv1 = nn.Conv2d(channels, width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.layer1 = stage(width, width, 1)
        self.layer2 = stage(width, 2 * width, 2)
        self.layer3 = stage(2 * width, 4 * width, 2)
        self.fc = nn.Linear(4 * width, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))

    def parameter_groups(self):
        """The parameters of stem, stages and head, from the input's to the output's."""
        parts = [[self.conv1, self.bn1], [self.layer1], [self.layer2], [self.layer3], [self.fc]]
        return [[parameter for module in part for parameter in module.parameters()] for part in parts]


class TabularNetwork(nn.Module):
    """fastai's TabularModel: a learned vector for each category beside the normalised numbers, through affine maps."""

    def __init__(self, numbers, categories, outputs, hidden=(200, 100), dropout=0.0):
        super().__init__()
        widths = [min(600, round(1.6 * size**0.56)) for size in categories]
        self.embeds = nn.ModuleList(nn.Embedding(size, width) for size, width in zip(categories, widths))
        for embed in self.embeds:
            nn.init.trunc_normal_(embed.weight, std=0.01)
        self.bn_cont = nn.BatchNorm1d(numbers) if numbers else None
        sizes = [numbers + sum(widths), *hidden]
        blocks = [
            nn.Sequential(
                nn.Linear(a, b, bias=False), nn.ReLU(inplace=True), nn.BatchNorm1d(b),
                *([nn.Dropout(dropout)] if dropout else []))
            for a, b in zip(sizes, hidden)]
        self.layers = nn.Sequential(*blocks, nn.Sequential(nn.Linear(sizes[-1], outputs)))

    def forward(self, inputs):
        numbers, categories = inputs
        parts = [embed(categories[:, column]) for column, embed in enumerate(self.embeds)]
        if self.bn_cont is not None:
            parts.append(self.bn_cont(numbers))
        return self.layers(torch.cat(parts, 1))
