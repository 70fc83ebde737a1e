"""Runs Glassbox and PyTorch on the same work, in turns, and prints a table of medians and ratios for each number of threads.

Usage: compare.py GLASSBOX_BENCH [--seconds S] [--rounds N] [--only NAME_PART] [--threads N…] [--json FILE]

All sides stay alive and take turns within each workload, a slice of S seconds each, N times: a machine whose speed
changes from second to second (frequency, neighbours) changes it for both. A ratio is the median of the rounds' ratios.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

cores = len(os.sched_getaffinity(0))
parser = argparse.ArgumentParser()
parser.add_argument("bench")
parser.add_argument("--seconds", type=float, default=0.15, help="one slice of one side")
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--only", default="", help="workloads with this in their name")
parser.add_argument("--threads", type=int, nargs="*", default=sorted({1, cores}))
parser.add_argument("--json")
options = parser.parse_args()
LIBRARY = ", oneDNN's own"


class Side:
    """A process that measures what it is asked to."""

    def __init__(self, command, threads):
        # OpenMP's number of threads is what every side's libraries read at their start.
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
        self.command = command
        self.process = subprocess.Popen(
            command + [str(threads)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        hello = self.answer()
        self.version = hello["version"]
        self.workloads = {workload["name"]: workload for workload in hello["workloads"]}

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(self.command)} ended with exit code {self.process.wait()}")
        return json.loads(line)

    def measure(self, name):
        self.process.stdin.write(json.dumps({"name": name, "seconds": options.seconds}) + "\n")
        self.process.stdin.flush()
        return self.answer()["seconds"]

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def shown(seconds):
    for unit, scale in [("s", 1), ("ms", 1e-3), ("µs", 1e-6)]:
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def row(ours, theirs, name):
    """The workload's medians, spread, ratio to the peer, and for products the share of the library's own speed."""
    library = name + LIBRARY if name + LIBRARY in ours.workloads else None
    mine, peers, own = [], [], []
    for _ in range(options.rounds):
        mine.append(ours.measure(name))
        if name in theirs.workloads:
            peers.append(theirs.measure(name))
        if library:
            own.append(ours.measure(library))
    result = {"glassbox": statistics.median(mine), "spread": (max(mine) - min(mine)) / statistics.median(mine) / 2}
    if peers:
        result["pytorch"] = statistics.median(peers)
        result["ratio"] = statistics.median(p / m for p, m in zip(peers, mine))
    if own:
        result["share of oneDNN"] = statistics.median(o / m for o, m in zip(own, mine))
    return result


cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
report = {"machine": f"{cpu}, {cores} cores, {platform.freedesktop_os_release()['PRETTY_NAME']}", "threads": {}}
for threads in options.threads:
    ours = Side([options.bench], threads)
    theirs = Side([sys.executable, str(Path(__file__).with_name("pytorch.py"))], threads)
    report["glassbox"], report["pytorch"] = ours.version, theirs.version
    names = [name for name in ours.workloads if options.only in name and not name.endswith(LIBRARY)]
    rows = report["threads"][threads] = {}
    for index, name in enumerate(names):
        print(f"{threads} thread(s), {index + 1} of {len(names)}: {name} …", file=sys.stderr)
        rows[name] = row(ours, theirs, name)
    ours.end()
    theirs.end()

print(f"\nMachine: {report['machine']}\nGlassbox: {report['glassbox']}\nPyTorch: {report['pytorch']}")
print(f"Medians of {options.rounds} rounds of {options.seconds} s for each side in turn. Ratio: PyTorch's time over Glassbox's.")
for threads, rows in report["threads"].items():
    print(f"\n| {threads} thread(s) | Glassbox | PyTorch | ratio | of oneDNN's own | spread |\n| --- | --- | --- | --- | --- | --- |")
    for name, result in rows.items():
        theirs = shown(result["pytorch"]) if "pytorch" in result else ""
        ratio = f"{result['ratio']:.2f}×" if "ratio" in result else ""
        share = f"{result['share of oneDNN'] * 100:.0f} %" if "share of oneDNN" in result else ""
        print(f"| {name} | {shown(result['glassbox'])} | {theirs} | {ratio} | {share} | ±{result['spread'] * 100:.0f} % |")
if options.json:
    Path(options.json).write_text(json.dumps(report, indent=1, ensure_ascii=False))
