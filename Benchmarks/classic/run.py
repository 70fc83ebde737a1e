"""Measures classic machine learning beside scikit-learn: each row on both sides in turns, each time in a process of its own.

    python run.py PROGRAM [--only ROW …] [--rounds N] [--threads N] [--into FOLDER]

PROGRAM is glassbox-bench-classic. $GLASSBOX_DATA names the data sets. With --into the page, the chart and the numbers are written there.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

import data
import page
from rows import ROWS

HERE = Path(__file__).resolve().parent


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--only", nargs="+", choices=[row.name for row in ROWS])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--into", type=Path)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("GLASSBOX_DATA", "data")))
    parser.add_argument("--work", type=Path, default=HERE.parent / ".build" / "classic")
    return parser.parse_args()


def measured(command, threads):
    """What a side prints of a row; OpenMP and the BLAS libraries are told the number of threads."""
    limits = {f"{name}_NUM_THREADS": str(threads) for name in ["OMP", "OPENBLAS", "MKL"]}
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=os.environ | limits)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with exit code {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().split("\n")[-1])


def compared(row, own):
    """Medians of both sides, and the median of the ratios within the rounds."""
    sides = {
        "glassbox": [own.program.resolve(), row.name, own.work, own.threads],
        "scikit-learn": [sys.executable, HERE / "sklearn_side.py", row.name, own.work, own.threads]}
    rounds = []
    for number in range(own.rounds):
        # Who begins alternates: a processor that warms up is nobody's advantage.
        order = list(sides) if number % 2 == 0 else list(reversed(sides))
        rounds.append({side: measured(sides[side], own.threads) for side in order})
        ours, theirs = rounds[-1]["glassbox"], rounds[-1]["scikit-learn"]
        print(
            f"{row.name}: {ours['seconds']:.2f} s and {theirs['seconds']:.2f} s: {theirs['seconds'] / ours['seconds']:.2f}×; "
            f"{row.quality} {ours['quality']:.6g} and {theirs['quality']:.6g}; "
            f"{ours['memory'] / 2**20:.0f} and {theirs['memory'] / 2**20:.0f} MiB", file=sys.stderr, flush=True)
    result = {"title": row.title, "quality": row.quality, "rounds": len(rounds)}
    for side in sides:
        result[side] = {key: statistics.median(one[side][key] for one in rounds) for key in ["seconds", "memory", "quality"]}
    result["ratio"] = statistics.median(one["scikit-learn"]["seconds"] / one["glassbox"]["seconds"] for one in rounds)
    ours, theirs = (result[side]["quality"] for side in sides)
    worse = (theirs - ours if row.higher else ours - theirs) / max(abs(theirs), 1e-12)
    result["as good"] = worse <= row.slack
    return result


def main():
    own = options()
    data.prepare(own.data, own.work)
    stored = own.work / "results.json"
    report = json.loads(stored.read_text()) if stored.exists() and own.only else {"rows": {}}
    import numpy
    import sklearn

    report["machine"] = {
        "threads": own.threads, "processor": processor(), "scikit-learn": sklearn.__version__, "NumPy": numpy.__version__,
        "commit": subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=HERE).stdout.strip()}
    for row in ROWS:
        if own.only and row.name not in own.only:
            continue
        report["rows"][row.name] = compared(row, own)
        stored.write_text(json.dumps(report, indent=1) + "\n")
    report["rows"] = {row.name: report["rows"][row.name] for row in ROWS if row.name in report["rows"]}
    print(page.text(report))
    if own.into:
        page.write(report, own.into)


def processor():
    for line in Path("/proc/cpuinfo").read_text().split("\n"):
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
