"""Runs Glassbox and its peers on the same work, in turns, and writes a table of medians and ratios for each number of threads.

Usage: compare.py GLASSBOX_BENCH [--seconds S] [--rounds N] [--only NAME_PART…] [--threads N…] [--peers NAME…]
                  [--json FILE] [--markdown FILE]

All sides stay alive and take turns within each workload, a slice of S seconds each, N times: a machine whose speed
changes from second to second (frequency, neighbours) changes it for all. A ratio is the median of the rounds' ratios.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

cores = len(os.sched_getaffinity(0))
parser = argparse.ArgumentParser()
parser.add_argument("bench")
parser.add_argument("--seconds", type=float, default=0.1, help="one slice of one side")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--only", nargs="*", default=[""], help="workloads with one of these in their name")
parser.add_argument("--threads", type=int, nargs="*", default=sorted({1, cores}))
parser.add_argument("--peers", nargs="*", default=["PyTorch", "torch.compile", "JAX"])
parser.add_argument("--json")
parser.add_argument("--markdown")
options = parser.parse_args()

LIBRARY = ", oneDNN's own"
FOLDER = Path(__file__).parent
PEERS = {
    "PyTorch": ["pytorch.py"],
    "torch.compile": ["pytorch.py", "--compile"],
    "JAX": ["jax_peer.py"],
}


class Side:
    """A process that measures what it is asked to."""

    def __init__(self, program, threads, *arguments):
        # OpenMP's number of threads is what the sides' libraries read at their start.
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
        self.command = [*program, str(threads), *arguments]
        self.process = subprocess.Popen(
            self.command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
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


def row(ours, peers, name):
    """The workload's medians, spread, ratios to the peers, and for products the share of the library's own speed."""
    library = name + LIBRARY if name + LIBRARY in ours.workloads else None
    taking_part = {peer: side for peer, side in peers.items() if name in side.workloads}
    mine, own, theirs = [], [], {peer: [] for peer in taking_part}
    for _ in range(options.rounds):
        mine.append(ours.measure(name))
        for peer, side in taking_part.items():
            theirs[peer].append(side.measure(name))
        if library:
            own.append(ours.measure(library))
    result = {"seconds": statistics.median(mine), "spread": (max(mine) - min(mine)) / statistics.median(mine) / 2, "peers": {}}
    for peer, times in theirs.items():
        result["peers"][peer] = {
            "seconds": statistics.median(times), "ratio": statistics.median(t / m for t, m in zip(times, mine))}
    if own:
        result["share of oneDNN"] = statistics.median(o / m for o, m in zip(own, mine))
    workload = ours.workloads[name]
    for amount, rate in [("operations", "FLOP/s"), ("bytes", "bytes/s")]:
        if amount in workload:
            result[rate] = workload[amount] / result["seconds"]
    return result


def table(threads, rows, peers):
    """The rows as Markdown."""
    ratios = [row["peers"]["PyTorch"]["ratio"] for row in rows.values() if "PyTorch" in row["peers"]]
    lines = [f"## {threads} thread{'s' if threads > 1 else ''}", ""]
    if ratios:
        mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
        below = sum(ratio < 1 for ratio in ratios)
        lines += [f"Against PyTorch eager: geometric mean {mean:.2f}×, {below} of {len(ratios)} rows below 1×.", ""]
    others = [peer for peer in peers if peer != "PyTorch"]
    head = ["work", "Glassbox", "PyTorch", "ratio"] + [f"{peer}: ratio" for peer in others] + ["speed", "of oneDNN's own", "spread"]
    lines += ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for name, result in rows.items():
        eager = result["peers"].get("PyTorch")
        cells = [name, shown(result["seconds"]), shown(eager["seconds"]) if eager else "", f"{eager['ratio']:.2f}×" if eager else ""]
        cells += [f"{result['peers'][peer]['ratio']:.2f}×" if peer in result["peers"] else "" for peer in others]
        speed = f"{result['FLOP/s'] / 1e9:.0f} GFLOP/s" if "FLOP/s" in result else ""
        # What fits the caches says nothing about memory.
        if result.get("bytes/s") and result["bytes/s"] * result["seconds"] > 4e6:
            speed = f"{result['bytes/s'] / 1e9:.1f} GB/s"
        share = f"{result['share of oneDNN'] * 100:.0f} %" if "share of oneDNN" in result else ""
        lines.append("| " + " | ".join(cells + [speed, share, f"±{result['spread'] * 100:.0f} %"]) + " |")
    return "\n".join(lines) + "\n"


cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
report = {
    "machine": f"{cpu}, {cores} cores, {platform.freedesktop_os_release()['PRETTY_NAME']}", "seconds": options.seconds,
    "rounds": options.rounds, "threads": {},
}
for threads in options.threads:
    ours = Side([options.bench], threads)
    peers = {}
    for peer in options.peers:
        script, *arguments = PEERS[peer]
        peers[peer] = Side([sys.executable, str(FOLDER / script)], threads, *arguments)
    report["versions"] = {"Glassbox": ours.version} | {peer: side.version for peer, side in peers.items()}
    names = [name for name in ours.workloads if any(part in name for part in options.only) and not name.endswith(LIBRARY)]
    rows = report["threads"][threads] = {}
    for index, name in enumerate(names):
        print(f"{threads} thread(s), {index + 1} of {len(names)}: {name} …", file=sys.stderr)
        rows[name] = row(ours, peers, name)
    for side in [ours, *peers.values()]:
        side.end()

text = "\n".join([
    "# Benchmarks", "",
    "Written by `make bench`: each workload on each side in turns. A ratio is the peer's time over Glassbox's; 2× is twice as fast.",
    f"Medians of {options.rounds} rounds of {options.seconds} s for each side. `torch.compile` takes part in whole networks only.", "",
    f"- Machine: {report['machine']}"] + [f"- {name}: {version}" for name, version in report["versions"].items()] + [""]
    + [table(threads, rows, options.peers) for threads, rows in report["threads"].items()])
print(text)
if options.markdown:
    Path(options.markdown).write_text(text)
if options.json:
    Path(options.json).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
