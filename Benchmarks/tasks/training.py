"""PyTorch's training loop of the tasks: what Sources/Learning/Learner does, written in the plainest fast way.

It prints a line of JSON an epoch, with the names of Glassbox's metrics.jsonl, and one at the end, which also has the classes' recalls.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

START = time.perf_counter()
EVALUATION_BATCH = 1000


def arguments(description, *paths, **recipe):
    """The options of the command line: the paths, the recipe's numbers with their defaults, and what all tasks have."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    for path in paths:
        parser.add_argument(path, type=Path)
    for name, value in recipe.items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    parser.add_argument("--config", type=Path, help="a Glassbox run's config.json, whose recipe goes before the defaults")
    parser.add_argument("--pretrained", type=Path, metavar="FILE", help="weights for all but the head, and the normalisation")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=0, help="stop after so many, to measure the speed; 0 for all")
    parser.add_argument("--compile", action="store_true", help="through torch.compile")
    parser.add_argument("--save", type=Path, metavar="FILE", help="where the weights go at the end, as safetensors")
    parser.add_argument("--evaluate", type=Path, metavar="CHECKPOINT", help="only test the weights of a Glassbox run")
    options = parser.parse_args()
    if options.config:
        parser.set_defaults(**followed(options.config, recipe))
        options = parser.parse_args()
    options.recipe = {name: getattr(options, name) for name in recipe}
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    return options


def followed(config, recipe):
    """What a Glassbox run's recipe says of these. It must not ask for what this side doesn't do."""
    settings = json.loads(config.read_text())["settings"]
    plain = dict.fromkeys(["mixup", "cutmix", "clipping", "averaging", "patience"]) | {"accumulation": 1, "mixed_precision": False}
    if others := [name for name, value in plain.items() if settings.get(name, value) != value]:
        sys.exit(f"{config} asks for {', '.join(others)}, which PyTorch's side of the tasks does not have")
    if settings.get("course", recipe["course"]) != recipe["course"]:
        sys.exit(f"{config} asks for the schedule {settings['course']}, and PyTorch's side of this task has {recipe['course']}")
    return {name: settings[name] for name in recipe if name in settings}


def make_optimizer(options, groups):
    """The recipe's optimiser of these groups of parameters; the schedule sets its rate and its momentum."""
    groups, rate, decay = [{"params": list(group)} for group in groups], options.learning_rate, options.weight_decay
    if options.optimizer == "sgd":
        return torch.optim.SGD(groups, rate, momentum=0.9, nesterov=bool(options.nesterov), weight_decay=decay, fused=True)
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[options.optimizer]
    return kind(groups, rate, weight_decay=decay, fused=True)


class Training:
    """A model, batches, and what goes on between: `loader` gives the batches of an epoch, `test` those to measure on."""

    def __init__(self, model, loader, test, options, names=None, area=False):
        self.model, self.loader, self.test, self.options, self.names, self.area = model, loader, test, options, names, area
        # For whole batches alone: each other shape, and evaluation, would be compiled once more, for little.
        self.forward = torch.compile(model) if options.compile else model
        self.label_smoothing = options.recipe.get("label_smoothing", 0.0)
        self.limit = options.steps or math.inf
        self.epoch = self.step = 0
        self.measured = None

    def loss(self, outputs, targets):
        return F.cross_entropy(outputs, targets, label_smoothing=self.label_smoothing)

    def fit(self, optimizer, scheduler, epochs):
        for _ in range(epochs):
            self.model.train()
            start, loss_sum, samples = time.perf_counter(), 0.0, 0
            for inputs, targets in self.loader:
                forward = self.forward if len(targets) == self.options.batch_size else self.model
                loss = self.loss(forward(inputs), targets)
                loss.backward()
                optimizer.step()
                optimizer.zero_grad()
                scheduler.step()
                loss_sum += loss.item() * len(targets)
                samples += len(targets)
                self.step += 1
                if self.step >= self.limit:
                    break
            seconds = time.perf_counter() - start
            self.epoch += 1
            self.measured = self.measure()
            tell(
                epoch=self.epoch, step=self.step, training_loss=loss_sum / samples, validation=self.measured[0], seconds=seconds,
                samples_per_second=samples / seconds, elapsed=time.perf_counter() - START)
            if self.step >= self.limit:
                break

    @torch.no_grad()
    def measure(self):
        """The loss and the metrics on the test's data, and each class's recall."""
        self.model.eval()
        results = [(self.model(inputs), targets) for inputs, targets in self.test]
        outputs, targets = (torch.cat(parts) for parts in zip(*results))
        correct = outputs.argmax(1) == targets
        values = {"loss": self.loss(outputs, targets).item(), "accuracy": correct.double().mean().item()}
        if self.area:
            values["ROC AUC"] = area_under_curve(outputs[:, 1].double() - outputs[:, 0].double(), targets)
        classes = torch.arange(outputs.shape[1])
        return values, [correct[targets == k].double().mean().item() for k in classes]

    def finish(self):
        """Tells the result. The weights are saved with what the pictures were normalised by."""
        values, recalls = self.measured or self.measure()
        if self.options.save:
            state = {name: tensor.contiguous() for name, tensor in self.model.state_dict().items()}
            save_file(state, self.options.save, {"moments": json.dumps(getattr(self.loader, "moments", None))})
        tell(
            result=values, recalls=dict(zip(self.names or map(str, range(len(recalls))), recalls)), recipe=self.options.recipe,
            parameters=sum(parameter.numel() for parameter in self.model.parameters()))

    def run(self, train):
        """Calls `train`, or with --evaluate takes the final weights of a Glassbox run instead; then tells the result."""
        if self.options.evaluate:
            load_glassbox(self.model, self.options.evaluate)
        else:
            train()
        self.finish()


def load_glassbox(model, checkpoint):
    state = load_file(checkpoint)
    model.load_state_dict({name.removeprefix("model."): x for name, x in state.items() if name.startswith("model.")})


def area_under_curve(scores, targets):
    """The share of pairs of a positive and a negative whose scores are in this order; of equal scores, half (Mann & Whitney, 1947)."""
    values, places, counts = scores.unique(return_inverse=True, return_counts=True)
    ranks = counts.cumsum(0) - (counts - 1) / 2
    positives = targets.sum().item()
    negatives = len(targets) - positives
    return (ranks[places][targets == 1].sum().item() - positives * (positives + 1) / 2) / (positives * negatives)


def one_cycle(optimizer, rates, steps, rise=0.25, divisor=25):
    """The rates of the groups up and down, and momentum or β₁ the other way round, as in Learner.fitOneCycle."""
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=rates, total_steps=steps, pct_start=rise, div_factor=divisor, final_div_factor=1e4,
        base_momentum=0.85, max_momentum=0.95)


def tell(**line):
    print(json.dumps(line), flush=True)
