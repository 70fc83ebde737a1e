"""Runs Glassbox and PyTorch on the same work, in turns, and prints a table of medians and ratios for each number of threads.

Usage: compare.py GLASSBOX_BENCH [--seconds S] [--rounds N] [--only NAME_PART] [--json FILE]
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("bench")
parser.add_argument("--seconds", type=float, default=0.5, help="per workload and round")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--only", default="")
parser.add_argument("--json")
options = parser.parse_args()
peer = Path(__file__).with_name("pytorch.py")


def run(command, threads):
    """One side's medians; the thread count is given to OpenMP too, which both sides' libraries read at their start."""
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads))
    words = command + [str(threads), str(options.seconds)] + ([options.only] if options.only else [])
    done = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed with exit code {done.returncode}")
    return json.loads(done.stdout)


def shown(seconds):
    for unit, scale in [("s", 1), ("ms", 1e-3), ("µs", 1e-6)]:
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
cores = len(os.sched_getaffinity(0))
report = {"machine": f"{cpu}, {cores} cores, {platform.freedesktop_os_release()['PRETTY_NAME']}", "threads": {}}
for threads in sorted({1, cores}):
    ours, theirs = {}, {}
    for round in range(options.rounds):
        print(f"{threads} thread(s), round {round + 1} of {options.rounds} …", file=sys.stderr)
        # In turns, so that a machine that slows down slows both.
        for side, results in [([options.bench], ours), ([sys.executable, str(peer)], theirs)]:
            answer = run(side, threads)
            results["version"] = answer["version"]
            for name, seconds in answer["seconds"].items():
                results.setdefault(name, []).append(seconds)
    report["glassbox"], report["pytorch"] = ours.pop("version"), theirs.pop("version")
    rows = {}
    for name, seconds in ours.items():
        row = {"glassbox": statistics.median(seconds), "spread": (max(seconds) - min(seconds)) / statistics.median(seconds)}
        if name in theirs:
            row["pytorch"] = statistics.median(theirs[name])
            row["ratio"] = row["pytorch"] / row["glassbox"]
        if f"{name}, oneDNN's own" in ours:
            row["share of oneDNN"] = statistics.median(ours[f"{name}, oneDNN's own"]) / row["glassbox"]
        rows[name] = row
    report["threads"][threads] = rows

print(f"\nMachine: {report['machine']}\nGlassbox: {report['glassbox']}\nPyTorch: {report['pytorch']}, eager")
print(f"Medians of {options.rounds} rounds of {options.seconds} s each, the two in turns. Ratio: PyTorch's time over Glassbox's.")
for threads, rows in report["threads"].items():
    print(f"\n| {threads} thread(s) | Glassbox | PyTorch | ratio | of oneDNN's own | spread |\n| --- | --- | --- | --- | --- | --- |")
    for name, row in rows.items():
        if name.endswith("oneDNN's own"):
            continue
        theirs = shown(row["pytorch"]) if "pytorch" in row else ""
        ratio = f"{row['ratio']:.2f}×" if "ratio" in row else ""
        share = f"{row['share of oneDNN'] * 100:.0f} %" if "share of oneDNN" in row else ""
        print(f"| {name} | {shown(row['glassbox'])} | {theirs} | {ratio} | {share} | ±{row['spread'] * 50:.0f} % |")
if options.json:
    Path(options.json).write_text(json.dumps(report, indent=1, ensure_ascii=False))
