"""Pictures in memory: decoded once into bytes; batches are cut, mirrored and normalised as tensors."""

import gzip
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy
import torch
from PIL import Image
from safetensors import safe_open

from training import EVALUATION_BATCH


class Pictures:
    """Pictures uint8 [n, channels, height, width] and their classes."""

    def __init__(self, bytes, targets):
        self.bytes, self.targets = bytes, targets

    def moments(self):
        """Each channel's mean and deviation (÷ n) over all pixels, on the scale from 0 to 1."""
        pixels = self.bytes.transpose(0, 1).flatten(1)
        counts = torch.stack([torch.bincount(channel, minlength=256) for channel in pixels]).double()
        values = torch.arange(256, dtype=torch.float64) / 255
        shares = counts / counts.sum(1, keepdim=True)
        mean = shares @ values
        return mean.tolist(), (shares @ values.square() - mean.square()).sqrt().tolist()


class Batches:
    """An epoch's batches, every time anew: of all pictures in order, or in a random order, cut at random out of `padding` black
    pixels around each, and perhaps mirrored."""

    def __init__(self, pictures, size, mean, deviation, training=False, padding=0, mirrored=False):
        self.pictures, self.size, self.training, self.padding, self.mirrored = pictures, size, training, padding, mirrored
        self.moments = (mean, deviation)
        # (b/255 − mean)/deviation in one multiplication and one addition.
        deviation = torch.tensor(deviation, dtype=torch.float64)
        self.scale = (1 / (255 * deviation)).float()[:, None, None]
        self.shift = (-torch.tensor(mean, dtype=torch.float64) / deviation).float()[:, None, None]
        if training:
            height, width = pictures.bytes.shape[2:]
            padded = torch.nn.functional.pad(pictures.bytes, [padding] * 4)
            # A view of every window at every place: a batch of random crops is one indexing.
            self.windows = padded.unfold(2, height, 1).unfold(3, width, 1)

    def __len__(self):
        return -(-len(self.pictures.targets) // self.size)

    def __iter__(self):
        count = len(self.pictures.targets)
        order = torch.randperm(count) if self.training else torch.arange(count)
        for indices in order.split(self.size):
            yield self.normalised(self.drawn(indices)), self.pictures.targets[indices]

    def drawn(self, indices):
        if not self.training:
            return self.pictures.bytes[indices]
        top, left = torch.randint(2 * self.padding + 1, (2, len(indices)))
        x = self.windows[indices, :, top, left]
        if not self.mirrored:
            return x
        return torch.where(torch.rand(len(indices), 1, 1, 1) < 0.5, x.flip(3), x)

    def normalised(self, x):
        return x.float().mul_(self.scale).add_(self.shift).contiguous(memory_format=torch.channels_last)


def mnist(folder):
    """The pictures for training and for the test, of the gzipped IDX files."""

    def read(name, header):
        return torch.from_numpy(numpy.frombuffer(gzip.decompress((folder / name).read_bytes()), numpy.uint8, offset=header).copy())

    def part(name):
        return Pictures(
            read(f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28), read(f"{name}-labels-idx1-ubyte.gz", 8).long())

    return part("train"), part("t10k")


def folder(root, names=None):
    """The pictures of root/CLASS/NAME, decoded on all cores, and the classes' names: those that are given, or all in order."""
    names = names or sorted(entry.name for entry in Path(root).iterdir() if entry.is_dir())
    files = [(file, k) for k, name in enumerate(names) for file in sorted((Path(root) / name).iterdir())]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        decoded = list(threads.map(lambda entry: numpy.asarray(Image.open(entry[0]).convert("RGB")), files, chunksize=100))
    bytes = torch.from_numpy(numpy.stack(decoded)).permute(0, 3, 1, 2).contiguous()
    return Pictures(bytes, torch.tensor([k for _, k in files])), names


def loaders(options):
    """The batches of FOLDER/train, augmented, those of FOLDER/test, and the classes' names.

    Pictures are normalised by the mean and deviation of those to learn from, or by those of the pre-training.
    """
    train, names = folder(options.folder / "train")
    test, _ = folder(options.folder / "test", names)
    moments = train.moments()
    if options.pretrained:
        with safe_open(options.pretrained, "pt") as file:
            moments = json.loads(file.metadata()["moments"])
    return (
        Batches(train, options.batch_size, *moments, training=True, padding=options.crop_padding, mirrored=options.flips),
        Batches(test, EVALUATION_BATCH, *moments), names)
