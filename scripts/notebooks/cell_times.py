"""How long cells take, as Jupyter's client sees it: from the request until the kernel is idle again.

Usage: cell_times.py [--into FOLDER] [--cells N]
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from kernel import Kernel

ROOT = Path(__file__).resolve().parents[2]

# What people write in a notebook on deep learning: data, a network, a training loop, a question asked of the result.
FIRST = """\
import NeuralNetworks
import Optimizers
import TensorCore

let x = Tensor([[1.0, 2.0], [3.0, 4.0]])
x * 2"""
TRAINING = """\
let random{n} = RandomGenerator(seed: {n})
let inputs{n} = Tensor.normal([64, 16], using: random{n})
let targets{n} = inputs{n}.sum(axis: 1, keepingDimensions: true)
let model{n} = Sequential {{
  Linear(16, 32, using: random{n})
  ReLU()
  Linear(32, 1, using: random{n})
}}
let optimizer{n} = Adam(model{n}.parameters, learningRate: 0.01)
for _ in 0..<20 {{
  optimizer{n}.zeroGradients()
  (model{n}(inputs{n}) - targets{n}).square().mean().backward()
  optimizer{n}.step()
}}
(model{n}(inputs{n}) - targets{n}).square().mean()"""
TENSORS = """\
let a{n} = Tensor.normal([32, 32], using: RandomGenerator(seed: {n}))
let b{n} = matmul(a{n}, a{n}.transposed()) + Tensor.eye(32)
(b{n}.mean(), b{n}.max(axis: 1).shape)"""
SWIFT = """\
struct Point{n} {{ var x = {n}.0, y = 1.0 }}
func length{n}(_ p: Point{n}) -> Double {{ (p.x * p.x + p.y * p.y).squareRoot() }}
let lengths{n} = (0..<10).map {{ length{n}(Point{n}(x: Double($0))) }}
lengths{n}.reduce(0, +)"""
# The sum of the digits of the Collatz sequences' lengths: integers, branches and calls that no optimiser takes out.
LOOP = """\
func steps(_ start: Int) -> Int {
  var (n, count) = (start, 0)
  while n != 1 {
    n = n % 2 == 0 ? n / 2 : 3 * n + 1
    count += 1
  }
  return count
}
let clock = ContinuousClock()
var total = 0
let time = clock.measure { for start in 1..<1_000_000 { total += steps(start) } }
print(total, time / .milliseconds(1))"""


def timed(kernel, code, timeout=120):
    start = time.perf_counter()
    outcome = kernel.run(code, timeout=timeout)
    seconds = time.perf_counter() - start
    if outcome.status != "ok":
        sys.exit(f"a cell failed:\n{code}\n{outcome.error}")
    return seconds, outcome


def resident(kernel):
    """Megabytes of the kernel and of the process of its cells, without the language server's."""
    processes = [kernel.process, *(p for p in kernel.process.children(recursive=True) if "cell-host" in p.name())]
    return sum(p.memory_info().rss for p in processes) / 1e6


def say(text):
    print(text, file=sys.stderr, flush=True)


def first_cells(count):
    say("first cells of fresh kernels")
    times = []
    for _ in range(count):
        with Kernel() as kernel:
            times.append(timed(kernel, FIRST)[0])
    return times


def kinds_of_cells(count):
    """Times of each kind, in turns, in one kernel."""
    kinds = {"a training of 20 steps, 14 lines": TRAINING, "tensors, 3 lines": TENSORS, "Swift alone, 4 lines": SWIFT}
    times = {kind: [] for kind in kinds}
    with Kernel() as kernel:
        timed(kernel, FIRST)
        for n in range(count):
            for kind, code in kinds.items():
                times[kind].append(timed(kernel, code.format(n=n))[0])
        say("completion and inspection")
        assistance = {"completion": [], "inspection": []}
        for _ in range(count):
            for name, ask in [("completion", lambda: kernel.client.complete("let y = x.resha", reply=True, timeout=30)),
                              ("inspection", lambda: kernel.client.inspect("matmul(x, x)", 3, reply=True, timeout=30))]:
                start = time.perf_counter()
                reply = ask()["content"]
                assistance[name].append(time.perf_counter() - start)
                if not (reply.get("matches") or reply.get("found")):
                    sys.exit(f"{name} has no answer: {reply}")
        say("100,000 lines")
        lines = timed(kernel, "for i in 0..<100_000 { print(i) }")[0]
    return times, assistance, lines


def hot_loop(rounds):
    """Milliseconds in cells and in a release build, in turns."""
    say("a hot loop")
    cell, release = [], []
    with tempfile.TemporaryDirectory() as folder, Kernel() as kernel:
        source, program = Path(folder, "main.swift"), Path(folder, "loop")
        source.write_text(LOOP)
        subprocess.run(["swiftc", "-O", "-wmo", source, "-o", program], check=True)
        for _ in range(rounds):
            cell.append(float(timed(kernel, LOOP)[1].stream().split()[1]))
            release.append(float(subprocess.run([program], check=True, capture_output=True, text=True).stdout.split()[1]))
    return cell, release


def long_session(count):
    """Times and memory in a session of many cells."""
    say(f"a session of {count} cells")
    times, memory = [], []
    with Kernel() as kernel:
        timed(kernel, FIRST)
        for n in range(count):
            times.append(timed(kernel, TENSORS.format(n=n))[0])
            if n % 50 == 49:
                memory.append(resident(kernel))
                say(f"  {n + 1}: {statistics.median(times[-50:]):.2f} s, {memory[-1]:.0f} MB")
    return times, memory


def rerun():
    """Megabytes after each of six runs of a cell that holds 200 MB."""
    say("200 MB, six times")
    with Kernel() as kernel:
        memory = []
        for _ in range(6):
            request = kernel.client.session.msg("execute_request", {
                "code": "var big = [UInt8](repeating: 1, count: 200_000_000)\nbig[7] = 2", "silent": False,
                "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True},
                metadata={"cellId": "big"})
            kernel.client.shell_channel.send(request)
            kernel.finish(request["header"]["msg_id"])
            memory.append(resident(kernel))
    return memory


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=Path, metavar="FOLDER")
    parser.add_argument("--cells", type=int, default=500)
    options = parser.parse_args()

    first = first_cells(5)
    kinds, assistance, lines = kinds_of_cells(25)
    cell, release = hot_loop(7)
    times, memory = long_session(options.cells)
    big = rerun()

    def seconds(values):
        low, _, high = statistics.quantiles(values, n=4)
        return f"{statistics.median(values):.2f} s | {low:.2f}–{high:.2f}"

    tail = min(50, len(times) // 2)
    ratio = statistics.median(a / b for a, b in zip(cell, release))
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    swift = subprocess.run(["swiftc", "--version"], capture_output=True, text=True).stdout.split("(")[0].strip()
    rows = [
        ("the first cell of a kernel, with Glassbox", seconds(first)),
        *((f"{kind}", seconds(values)) for kind, values in kinds.items()),
        *((f"{name}, once the language server runs", seconds(values[1:])) for name, values in assistance.items()),
    ]
    page = "\n".join([
        "# Benchmarks of notebooks", "",
        "Written by `make bench` (`scripts/bench-notebooks`). Times are Jupyter's: from the request to run a cell until the kernel is idle",
        "again, compiling at `-O`, linking and running included. Quarters of the measurements are below and above *middle half*.", "",
        f"- Machine: {model}, {len(os.sched_getaffinity(0))} cores, {platform.freedesktop_os_release()['PRETTY_NAME']}",
        f"- Glassbox {commit}, {swift}", "",
        "| what | median | middle half |", "| --- | --- | --- |",
        *(f"| {name} | {values} |" for name, values in rows), "",
        f"- The first completion takes {assistance['completion'][0]:.1f} s.",
        f"- 100,000 printed lines arrive in {lines:.1f} s.",
        f"- A hot loop takes {ratio:.2f} times as long in a cell as in a program built with `swiftc -O` ({len(cell)} rounds in turns).",
        f"- In a session of {len(times)} cells, the first {tail} take {statistics.median(times[:tail]):.2f} s each, and the last {tail} "
        f"{statistics.median(times[-tail:]):.2f} s; kernel and cells hold {memory[0]:.0f} MB after {50} cells and {memory[-1]:.0f} MB "
        "after all." if memory else "",
        f"- A cell that holds 200 MB, run six times: {', '.join(f'{m:.0f}' for m in big)} MB resident.", "",
    ])
    print(page)
    if options.into:
        part = options.into / "benchmarks-notebooks.md.part"
        part.write_text(page)
        part.rename(options.into / "benchmarks-notebooks.md")


if __name__ == "__main__":
    main()
