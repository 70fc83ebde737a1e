"""PyTorch's side of `glassbox train table adult.data --target income`."""

import csv
import math
import statistics

import torch

from models import TabularNetwork
from training import EVALUATION_BATCH, Training, arguments, make_optimizer

# The files' columns in their order; fnlwgt tells how many people a row stands for, and nothing about them.
NAMES = (
    "age workclass fnlwgt education education-num marital-status occupation relationship race sex capital-gain capital-loss "
    "hours-per-week native-country income").split()
NUMBERS = ["age", "education-num", "capital-gain", "capital-loss", "hours-per-week"]
CATEGORIES = [name for name in NAMES if name not in [*NUMBERS, "fnlwgt", "income"]]


def rows(file):
    """By name; labels without the full stop that they have in the test's file."""
    with open(file, newline="") as lines:
        fields = csv.reader((line for line in lines if line.strip() and not line.startswith("|")), skipinitialspace=True)
        return [dict(zip(NAMES, row), income=row[-1].rstrip(".")) for row in fields]


class Preparation:
    """Numbers brought to mean 0 and deviation 1, and categories' indices, as TablePreparation makes them of the training rows: 0 is for
    unknown levels, the last for missing ones, if there are."""

    def __init__(self, train):
        columns = {name: [float(row[name]) for row in train] for name in NUMBERS}
        self.moments = {name: (statistics.fmean(column), statistics.pstdev(column)) for name, column in columns.items()}
        self.indices = {}
        for name in CATEGORIES:
            levels = sorted({row[name] for row in train})
            known = [level for level in levels if level != "?"] + [level for level in levels if level == "?"]
            self.indices[name] = {level: index for index, level in enumerate(known, 1)}
        self.sizes = [len(levels) + 1 for levels in self.indices.values()]

    def __call__(self, rows):
        numbers = [[(float(row[name]) - mean) / deviation for name, (mean, deviation) in self.moments.items()] for row in rows]
        categories = [[levels.get(row[name], 0) for name, levels in self.indices.items()] for row in rows]
        return torch.tensor(numbers), torch.tensor(categories), torch.tensor([int(row["income"] == ">50K") for row in rows])


class Batches:
    """An epoch's batches, every time anew."""

    def __init__(self, data, size, shuffled=False):
        self.data, self.size, self.shuffled = data, size, shuffled

    def __len__(self):
        return -(-len(self.data[0]) // self.size)

    def __iter__(self):
        count = len(self.data[0])
        order = torch.randperm(count) if self.shuffled else torch.arange(count)
        for indices in order.split(self.size):
            numbers, categories, targets = (part[indices] for part in self.data)
            yield (numbers, categories), targets


def warm_up_then_cosine(step, warm_up, steps):
    """The rate's share of its highest, as Schedule.warmUpThenCosine has it."""
    return (step + 1) / warm_up if step < warm_up else (1 + math.cos(math.pi * min((step - warm_up) / (steps - warm_up), 1))) / 2


def main():
    options = arguments(
        __doc__, "folder", epochs=5, batch_size=256, course="warm-up, then cosine", warm_up=0.1, learning_rate=3e-3, optimizer="adam",
        weight_decay=0.0, nesterov=0, dropout=0.1)
    train = rows(options.folder / "adult.data")
    preparation = Preparation(train)
    loader = Batches(preparation(train), options.batch_size, shuffled=True)
    test = Batches(preparation(rows(options.folder / "adult.test")), EVALUATION_BATCH)
    model = TabularNetwork(len(NUMBERS), preparation.sizes, 2, dropout=options.dropout)
    training = Training(model, loader, test, options, ["<=50K", ">50K"], area=True)

    def train_all():
        optimizer = make_optimizer(options, [model.parameters()])
        steps = options.epochs * len(loader)
        scheduler = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: warm_up_then_cosine(step, int(options.warm_up * steps), steps))
        training.fit(optimizer, scheduler, options.epochs)

    training.run(train_all)


if __name__ == "__main__":
    main()
