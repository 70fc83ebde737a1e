"""One training on one side, as a process that is watched from outside."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


class Failed(Exception):
    """A command that ended with an error."""


def glassbox(stage, options, others, _):
    """Runs `glassbox train` and reads its run folder."""
    folder = run_folder(stage, options, "glassbox")
    shutil.rmtree(folder, ignore_errors=True)
    command = [options.glassbox.resolve(), "train", *stage.glassbox, *epochs(stage, options, others)]
    if stage.pretrained:
        command += ["--pretrained", needed(others, stage.pretrained)["run"]]
    own = ["--output", folder, "--threads", options.threads]
    lines, seconds = watched([*command, *own], options, lambda: read_lines(folder / "metrics.jsonl"))
    config = json.loads((folder / "config.json").read_text())
    result = json.loads((folder / "result.json").read_text())
    recalls = {one["name"]: one["scores"]["recall"] for one in result.get("classes", [])}
    return report(command, lines, seconds) | {"run": str(folder), "config": config, "recalls": recalls}


def pytorch(stage, options, others, ours):
    """Runs PyTorch's script, with the recipe of Glassbox's run if there is one, and the script has none of its own."""
    folder = run_folder(stage, options, "pytorch")
    folder.mkdir(parents=True, exist_ok=True)
    output, weights = folder / "output.jsonl", folder / "weights.safetensors"
    command = [FOLDER / stage.pytorch[0], *stage.pytorch[1:], *(follow(ours) if not stage.own_recipe else []), *epochs(stage, options, others)]
    if stage.pretrained:
        command += ["--pretrained", needed(others, stage.pretrained)["weights"]]
    compiled = stage.compiled and not options.eager and not options.epochs
    own = ["--save", weights, "--threads", options.threads] + (["--compile"] if compiled else [])
    with open(output, "w") as file:
        lines, seconds = watched([sys.executable, *command, *own], options, lambda: read_lines(output), file)
    *lines, end = lines
    return report(command, lines, seconds) | {
        "weights": str(weights), "compiled": compiled} | {name: end[name] for name in ["recipe", "recalls", "parameters"]}


def weights_in_pytorch(stage, options, ours, pretrained):
    """The figures that Glassbox's final weights have in PyTorch."""
    command = [sys.executable, FOLDER / stage.pytorch[0], *stage.pytorch[1:], *follow(ours)]
    command += ["--evaluate", Path(ours["run"]) / "latest.safetensors", "--threads", options.threads]
    if stage.pretrained:
        command += ["--pretrained", pretrained["weights"]]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{stage.task}: PyTorch can't test Glassbox's weights:\n{done.stderr}")
    end = json.loads(done.stdout)
    return end["result"] | {"parameters": end["parameters"]}


def run_folder(stage, options, side):
    return options.work / "runs" / f"{stage.task}-{stage.name.replace(' ', '-')}-{side}"


def follow(ours):
    return ["--config", Path(ours["run"]) / "config.json"] if ours else []


def epochs(stage, options, others):
    """The option for a trial, or for as many epochs as another stage took."""
    if stage.as_long_as:
        return ["--epochs", len(needed(others, stage.as_long_as)["epochs"])]
    number = options.epochs or stage.epochs
    return ["--epochs", number] if number else []


def needed(others, name):
    if not others.get(name):
        raise Failed(f"the stage \"{name}\" has to be run before")
    return others[name]


def watched(command, options, read, stdout=subprocess.DEVNULL):
    """Runs a command; gives the lines that `read` finds meanwhile, each with the seconds since the start, and those of the whole."""
    environment = dict(os.environ, GLASSBOX_DATA=str(options.data), OMP_NUM_THREADS=str(options.threads))
    messages = tempfile.TemporaryFile("w+")
    start = time.monotonic()
    # Ctrl-C is for run.py alone.
    process = subprocess.Popen(
        [str(part) for part in command], env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=messages,
        start_new_session=True)
    lines = []

    def take():
        for line in read()[len(lines):]:
            lines.append(line | {"elapsed": time.monotonic() - start})
            if "epoch" in line:
                print(f"  epoch {line['epoch']}: {line.get('validation')}, {lines[-1]['elapsed']:.0f} s", file=sys.stderr, flush=True)

    try:
        while True:
            try:
                process.wait(0.05)
                break
            except subprocess.TimeoutExpired:
                take()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    seconds = time.monotonic() - start
    take()
    if process.returncode != 0 or not lines:
        messages.seek(0)
        raise Failed(f"{' '.join(map(str, command))} ended with exit code {process.returncode}:\n{messages.read()[-2000:]}")
    return lines, seconds


def read_lines(file):
    """The whole lines of a file that is being written."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text().split("\n")[:-1]]


def report(command, lines, seconds):
    names = ["epoch", "elapsed", "seconds", "samples_per_second", "training_loss", "validation"]
    return {
        "command": [str(part) for part in command],
        "epochs": [{name: line[name] for name in names} for line in lines], "seconds": seconds}
