"""The same LeNet behind glassbox-server and behind FastAPI with PyTorch, asked by wrk in turns: latency and requests a second.

Options: --seconds of one slice (5), --rounds (5), --into FOLDER writes serving's page and JSON there; otherwise the page is printed.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONNECTIONS = [1, 8, 64]
PICTURES = 64


class Side:
    def __init__(self, command, port):
        self.port = port
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        for _ in range(1200):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"nothing listens on {port}")

    def answer(self, body):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/predict", body.encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return {one["class"]: one["probability"] for one in json.load(response)["candidates"]}

    def measure(self, connections, seconds, pictures):
        output = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", HERE / "post.lua", f"http://127.0.0.1:{self.port}",
             "--", pictures], check=True, capture_output=True, text=True).stdout
        result = json.loads(re.search("RESULT (.*)", output)[1])
        if result["failed"]:
            raise RuntimeError(f"{result['failed']} of {result['requests']} requests failed")
        return {
            "p50": result["p50"] / 1000, "p99": result["p99"] / 1000,
            "rate": result["requests"] / result["microseconds"] * 1e6}

    def end(self):
        self.process.terminate()
        self.process.wait(30)


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def pictures(path):
    """Strokes on black, as digits are: a line of JSON each."""
    chance = random.Random(1)
    lines = []
    for _ in range(PICTURES):
        rows = [[0] * 28 for _ in range(28)]
        x, y = chance.randrange(8, 20), chance.randrange(6, 12)
        for _ in range(60):
            x, y = min(max(x + chance.randint(-1, 1), 4), 23), min(max(y + chance.randint(-1, 2), 4), 23)
            rows[y][x], rows[y][x - 1] = 255, chance.randrange(90, 255)
        lines.append(json.dumps({"pixels": rows}))
    path.write_text("\n".join(lines) + "\n")
    return lines


def measure(sides, lines, path, options):
    for line in lines:
        answers = [side.answer(line) for side in sides.values()]
        for other in answers[1:]:
            difference = max(abs(answers[0][name] - other[name]) for name in answers[0])
            if difference > 1e-5:
                raise RuntimeError(f"the sides' probabilities differ by {difference}")
    rows = []
    for connections in CONNECTIONS:
        rounds = []
        for number in range(options.rounds + 1):
            print(f"{connections} connections, round {number} of {options.rounds}", file=sys.stderr)
            rounds.append({name: side.measure(connections, options.seconds, path) for name, side in sides.items()})
        # The first round's warming up does not count.
        rows.append({"connections": connections, "sides": {
            name: {key: statistics.median(one[name][key] for one in rounds[1:]) for key in ("p50", "p99", "rate")}
            for name in sides}})
    return rows


def page(rows, facts):
    text = """# Benchmarks of serving

Written by `scripts/bench-serving`: the same LeNet, with the same weights, behind `glassbox serve` and behind FastAPI with PyTorch (uvicorn
with uvloop and httptools, one worker, one thread for the network). A request is a picture of 28×28 pixels as JSON (about 2 kB), its answer
the probabilities of ten classes; wrk sends them on kept connections, on the same machine, and each side is asked in turns, round after
round. *batched* computes what waits together, as Glassbox does. Both sides' answers agree within 10⁻⁵.

- p50 and p99 are latencies in milliseconds: medians over the rounds.
- With more connections than one, requests wait for each other: latency follows from the rate.

"""
    text += "".join(f"- {name}: {value}\n" for name, value in facts.items())
    text += "\n| connections | server | p50, ms | p99, ms | requests/s |\n| --- | --- | --- | --- | --- |\n"
    for row in rows:
        for name, values in row["sides"].items():
            text += f"| {row['connections']} | {name} | {values['p50']:.2f} | {values['p99']:.2f} | {values['rate']:,.0f} |\n"
    return text


def machine():
    names = Path("/proc/cpuinfo").read_text()
    model = re.search("model name\\s*: (.*)", names)
    release = dict(re.findall('^(\\w+)="?([^"\n]*)', Path("/etc/os-release").read_text(), re.M))
    return f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {release.get('PRETTY_NAME', platform.system())}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("glassbox")
    parser.add_argument("server")
    parser.add_argument("run", type=Path)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--into", type=Path)
    options = parser.parse_args()
    versions = subprocess.run([options.glassbox, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    packages = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("torch", "fastapi", "uvicorn", "uvloop", "httptools"))
    facts = {
        "Machine": machine(), "Glassbox": versions.removeprefix("glassbox "), "Peer": f"Python {platform.python_version()}, {packages}",
        "Rounds": f"{options.rounds} of {options.seconds} s a server"}
    sides = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pictures")
        lines = pictures(path)
        try:
            port = free_port()
            sides["Glassbox"] = Side([options.server, options.run, "--port", str(port)], port)
            for name, more in [("FastAPI + PyTorch", []), ("FastAPI + PyTorch, batched", ["--batched"])]:
                port = free_port()
                sides[name] = Side(
                    [sys.executable, HERE / "fastapi_server.py", options.run / "model.safetensors", str(port), *more], port)
            rows = measure(sides, lines, path, options)
        finally:
            for side in sides.values():
                side.end()
    text = page(rows, facts)
    if options.into:
        (options.into / "benchmarks-serving.md").write_text(text)
        (options.into / "benchmarks-serving.json").write_text(json.dumps({"facts": facts, "rows": rows}, indent=1) + "\n")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
