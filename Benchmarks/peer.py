"""What every peer's side of the benchmark shares: the conversation with compare.py, and the clock.

A line of JSON each way: first the version and the workloads' names from here; then, for each line

    {"ask": "time", "name": NAME, "seconds": S}    the median seconds of a call
    {"ask": "memory", "name": NAME, "steps": N, "after": FIRST}
        the bytes that N calls make the process grow by, after N calls of FIRST; only once in a process
"""

import json
import os
import sys
import time
from pathlib import Path


def repeat(work, calls):
    for _ in range(calls):
        work()


def median(work, seconds):
    """The median time of one call, of calls that go on for `seconds`."""

    def timed(calls):
        start = time.perf_counter()
        repeat(work, calls)
        return time.perf_counter() - start

    # So many calls in one measurement that the clock's own cost does not count.
    calls = 1
    while timed(calls) < 20e-6:
        calls *= 2
    samples = []
    start = time.perf_counter()
    while not samples or time.perf_counter() - start < seconds:
        samples.append(timed(calls) / calls)
    samples.sort()
    return samples[len(samples) // 2]


def resident_growth(prepare, steps):
    """How many bytes this process grows by at its peak, from here through `steps` calls of the work that `prepare` makes."""

    def status(key):
        line = next(line for line in open("/proc/self/status") if line.startswith(key))
        return int(line.split()[1]) * 1024

    # 5 resets the peak (proc(5)).
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    work = prepare()
    repeat(work, steps)
    return status("VmHWM") - before


def serve(version, workloads):
    """Answers compare.py; `workloads` maps a name to a function that builds what the work needs and returns the work."""
    answers = sys.stdout
    # What a library prints must not come between the answers.
    sys.stdout = sys.stderr

    def say(answer):
        try:
            print(json.dumps(answer), file=answers, flush=True)
        except BrokenPipeError:
            # compare.py was interrupted.
            os._exit(1)

    say({"version": version, "workloads": [{"name": name} for name in workloads]})
    current, work = None, None
    for line in sys.stdin:
        request = json.loads(line)
        prepare = workloads[request["name"]]
        if request["ask"] == "memory":
            repeat(workloads[request["after"]](), request["steps"])
            say({"bytes": resident_growth(prepare, request["steps"])})
            continue
        if request["name"] != current:
            work = None
            current, work = request["name"], prepare()
            repeat(work, 3)
        say({"seconds": median(work, request["seconds"])})
