"""Runs the tasks in Glassbox and in PyTorch, one after the other, and writes a page about them.

Usage: run.py GLASSBOX [--only TASK…] [--sides glassbox,pytorch] [--epochs N] [--threads N] [--eager] [--data FOLDER] [--work FOLDER]
              [--continue] [--into FOLDER]

Each training is a process of its own with the machine to itself. Its times are taken from outside, in the same way on both sides: from
the start of the process until an epoch's figures are there, so that reading the data, and all else that someone waits for, counts.

WORK/results.json gets every training as soon as it is finished. The page is made of all that stands there.
"""

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.append(str(FOLDER.parent))

import folders  # noqa: E402
import page  # noqa: E402
from compare import commit, machine, write, write_json  # noqa: E402
from processes import Failed, glassbox, pytorch, weights_in_pytorch  # noqa: E402
from stages import TASKS, stages  # noqa: E402

SIDES = page.SIDES


def arguments():
    root = FOLDER.parents[1]
    parser = argparse.ArgumentParser()
    parser.add_argument("glassbox", type=Path)
    parser.add_argument("--only", nargs="*", default=list(TASKS), choices=list(TASKS))
    parser.add_argument("--sides", type=lambda text: text.split(","), default=list(SIDES), metavar="glassbox,pytorch")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's: a short trial, kept apart from the measurements")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--data", type=Path, default=os.environ.get("GLASSBOX_DATA"), help="default: $GLASSBOX_DATA")
    parser.add_argument("--work", type=Path, default=root / "Benchmarks/.build/tasks", help="runs, folders of pictures, results")
    parser.add_argument("--eager", action="store_true", help="PyTorch without torch.compile where that would save time")
    parser.add_argument("--continue", dest="going_on", action="store_true", help="keep what is finished")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="where the page and its JSON go")
    options = parser.parse_args()
    if unknown := set(options.sides) - set(SIDES):
        parser.error(f"--sides has {', '.join(sorted(unknown))}, and knows {', '.join(SIDES)}")
    if not options.data:
        parser.error("--data or $GLASSBOX_DATA must name the folder of the data sets")
    options.data, options.work = options.data.resolve(), options.work.resolve()
    options.pictures = options.work
    if options.epochs:
        options.work /= f"trial-{options.epochs}"
    return options


class Results:
    """What is measured so far: {stage: {"data": …, "sides": {side: training}}}, in a file."""

    def __init__(self, file):
        self.file = file
        self.stages = json.loads(file.read_text()) if file.exists() else {}

    def of(self, stage, side):
        return self.stages.get(key(stage), {}).get("sides", {}).get(side)

    def keep(self, stage, side, training):
        entry = self.stages.setdefault(key(stage), {})
        entry |= {"task": stage.task, "name": stage.name, "data": hashes(stage.data), "wanted": stage.wanted}
        entry.setdefault("sides", {})[side] = training
        write_json(self.file, self.stages)


def key(stage):
    return f"{stage.task}: {stage.name}"


def hashes(files):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def versions(options):
    """Of the two sides."""
    ours = subprocess.run([options.glassbox, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    peer = subprocess.run(
        [sys.executable, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True, check=True).stdout.strip()
    return {"glassbox": ", ".join([ours.removeprefix("glassbox "), *commit()]), "pytorch": peer}


def run(options):
    options.work.mkdir(parents=True, exist_ok=True)
    archive = options.data / "cifar10-jpeg/cifar10-jpeg.zip"
    if {"cifar", "transfer"} & set(options.only):
        folders.prepare(archive, options.pictures)
    results, here = Results(options.work / "results.json"), machine()
    found, failures = versions(options), []
    everything = stages(options.data, options.pictures)
    for stage in everything:
        for side in [side for side in SIDES if side in options.sides and stage.task in options.only]:
            before = results.of(stage, side)
            if options.going_on and before and (before["machine"], before["threads"]) == (here, options.threads):
                continue
            print(f"{key(stage)}, {SIDES[side]}", file=sys.stderr, flush=True)
            others = {other.name: results.of(other, side) for other in everything if other.task == stage.task}
            try:
                training = (glassbox if side == "glassbox" else pytorch)(stage, options, others, results.of(stage, "glassbox"))
            except Failed as failure:
                print(failure, file=sys.stderr)
                failures.append(f"{key(stage)}, {SIDES[side]}")
                continue
            training |= {"machine": here, "threads": options.threads, "version": found[side]}
            if stage.task == "transfer":
                training["unseen"] = folders.UNSEEN
            results.keep(stage, side, training)
        if not check(stage, options, results):
            failures.append(f"{key(stage)}, Glassbox's weights in PyTorch")
    return results.stages, failures


def check(stage, options, results):
    """Lets PyTorch test the weights that Glassbox has trained: the same model gives the same figures on the same data, but for rounding.

    False when it does not. After pre-training that waits for PyTorch's own, by whose mean and deviation pictures are normalised.
    """
    ours = results.of(stage, "glassbox")
    if stage.task not in options.only or not ours or "in_pytorch" in ours:
        return True
    before = None
    if stage.pretrained:
        everything = stages(options.data, options.pictures)
        before = results.of(next(one for one in everything if (one.task, one.name) == (stage.task, stage.pretrained)), "pytorch")
        if not before:
            return True
    try:
        figures = weights_in_pytorch(stage, options, ours, before)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return False
    results.keep(stage, "glassbox", ours | {"in_pytorch": figures})
    own = ours["epochs"][-1]["validation"]
    return all(abs(own[name] - figures[name]) < 1e-3 for name in own.keys() & figures.keys())


def main():
    # Stopped from outside, it ends its children as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = arguments()
    results, failures = run(options)
    document = page.document(results)
    print(document)
    if options.into:
        write(options.into / "benchmarks-tasks.md", document)
        write_json(options.into / "benchmarks-tasks.json", page.published(results))
    if failures:
        sys.exit(f"bench-tasks: failed: {'; '.join(failures)}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nbench-tasks: interrupted; --continue goes on with the trainings that are not finished")
