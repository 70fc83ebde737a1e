"""Runs Glassbox and its peers on the same work, in turns, and writes tables and a chart of their ratios.

Usage: compare.py GLASSBOX_BENCH [--only NAME_PART…] [--threads N…] [--peers NAME…] [--seconds S] [--rounds N] [--budget S]
                  [--json FILE] [--continue] [--into FOLDER]

All sides stay alive and take turns within each workload, a slice of S seconds each, in rounds: a machine whose speed changes from
second to second (frequency, neighbours) changes it for all. A ratio is the median of the rounds' ratios.

FILE gets every row as soon as it is finished, so that --continue goes on from there after an interruption. FOLDER gets
benchmarks.md, benchmarks.json and benchmarks.svg when all rows are.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import chart
import measuring
import table
from progress import Progress
from sides import FOLDER, PEERS, Side


def arguments():
    cores = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser()
    parser.add_argument("bench")
    parser.add_argument("--only", nargs="*", default=[""], metavar="NAME_PART", help="workloads with one of these in their name")
    parser.add_argument("--threads", type=int, nargs="*", default=sorted({1, cores}))
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--seconds", type=float, default=0.05, help="one slice of one side")
    parser.add_argument("--rounds", type=int, default=15, help="at most so many")
    parser.add_argument("--budget", type=float, default=1.5, help="seconds for a row, which the least number of rounds may exceed")
    parser.add_argument("--json", type=Path, help="every row, as soon as it is finished")
    parser.add_argument("--continue", dest="going_on", action="store_true", help="keep the rows that --json's file has")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="where the finished tables and the chart go")
    options = parser.parse_args()
    if options.going_on and not options.json:
        parser.error("--continue goes on from --json's FILE: give that too")
    return options


def machine():
    models = (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return f"{next(models, platform.machine())}, {len(os.sched_getaffinity(0))} cores, {system}"


def commit():
    """The checkout's commit, or nothing outside a checkout."""
    git = subprocess.run(["git", "-C", FOLDER, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return [git.stdout.strip()] if git.returncode == 0 else []


def finished_rows(report, file):
    """The rows of an interrupted run, which must have measured the same things on the same machine."""
    before = json.loads(file.read_text())
    for key in report.keys() - {"threads"}:
        if before.get(key) != report[key]:
            sys.exit(f"{file} cannot be continued: its {key} is {before.get(key)}, and here it is {report[key]}. Run without --continue.")
    return before["threads"]


def write(file, text):
    """Whole or not at all, also when interrupted."""
    part = file.with_name(file.name + ".part")
    part.write_text(text)
    part.rename(file)


def write_json(file, report):
    write(file, json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def run(options):
    def start(name, threads):
        return Side(name, options.bench, threads)

    def sides(threads):
        return start("Glassbox", threads), {peer: start(peer, threads) for peer in options.peers}

    ours, peers = sides(options.threads[0])
    report = {
        "machine": machine(), "versions": {"Glassbox": ", ".join(commit() + [ours.version])},
        "seconds": options.seconds, "least rounds": measuring.LEAST_ROUNDS, "rounds": options.rounds, "budget": options.budget,
        "threads": {}}
    report["versions"] |= {peer: side.version for peer, side in peers.items()}
    finished = finished_rows(report, options.json) if options.going_on and options.json.exists() else {}

    names = [name for name in ours.workloads if any(part in name for part in options.only) and not name.endswith(measuring.OWN)]
    kinds = {name: ours.workloads[name]["network"] for name in names}
    progress = Progress([
        kinds[name] for threads in options.threads for name in names if name not in finished.get(str(threads), {})])
    for threads in options.threads:
        # Keys as JSON has them, so that a continued report equals an uninterrupted one.
        rows = report["threads"][str(threads)] = {}
        before = finished.get(str(threads), {})
        if ours is None:
            ours, peers = sides(threads)
        for name in names:
            if name in before:
                rows[name] = before[name]
                continue
            with progress.row(f"{threads} thread{'s' if threads > 1 else ''}: {name}", kinds[name]):
                rows[name] = measuring.row(name, ours, peers, options)
                if kinds[name] and "PyTorch" in peers:
                    rows[name]["memory"] = measuring.memory(
                        name, {side: lambda side=side: start(side, threads) for side in ["Glassbox", "PyTorch"]})
            if options.json:
                write_json(options.json, report)
        for side in [ours, *peers.values()]:
            side.end()
        ours = None
    return report


def main():
    options = arguments()
    report = run(options)
    print(table.document(report))
    if options.into:
        write(options.into / "benchmarks.svg", chart.svg(report))
        write(options.into / "benchmarks.md", table.document(report, chart="benchmarks.svg"))
        write_json(options.into / "benchmarks.json", report)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nbench: interrupted; --continue goes on from here when --json names a file, as scripts/bench does")
