"""The processes that are compared: Glassbox's and its peers', each alive through a whole run, each measuring what it is asked to."""

import json
import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
PEERS = {
    "PyTorch": ["pytorch.py"],
    "torch.compile": ["pytorch.py", "--compile"],
    "JAX": ["jax_peer.py"],
}


class Side:
    """A process that speaks the protocol of peer.py and Sources/glassbox-bench/main.swift."""

    def __init__(self, name, bench, threads):
        program = [bench] if name == "Glassbox" else [sys.executable, str(FOLDER / PEERS[name][0])]
        self.name = name
        self.command = [*program, str(threads), *PEERS.get(name, [""])[1:]]
        # OpenMP's number of threads is what the sides' libraries read at their start. Ctrl-C is for compare.py alone; a side ends
        # when its standard input does.
        self.process = subprocess.Popen(
            self.command, env=dict(os.environ, OMP_NUM_THREADS=str(threads)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, start_new_session=True)
        hello = self.answer()
        self.version = hello["version"]
        self.workloads = {workload["name"]: workload for workload in hello["workloads"]}

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{' '.join(self.command)} ended with exit code {self.process.wait()}")
        return json.loads(line)

    def ask(self, question, name, **details):
        self.process.stdin.write(json.dumps({"ask": question, "name": name} | details) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def time(self, name, seconds):
        """The median seconds of a call, of calls that go on for `seconds`."""
        return self.ask("time", name, seconds=seconds)["seconds"]

    def limit(self, name, seconds):
        """How much of what the workload needs the hardware does in a second."""
        return self.ask("limit", name, seconds=seconds)["rate"]

    def memory(self, name, steps, after):
        """The bytes that `steps` calls make this process grow by, after as many of the workload `after`, and nothing else before."""
        return self.ask("memory", name, steps=steps, after=after)["bytes"]

    def end(self):
        self.process.stdin.close()
        self.process.wait()
