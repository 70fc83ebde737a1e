"""What every peer's side of the benchmark shares: the conversation with compare.py, and the clock.

A line of JSON each way: first the version and the workloads' names from here; then, for each line
{"name": NAME, "seconds": S}, the median time of a call in seconds.
"""

import json
import sys
import time


def median(work, seconds):
    """The median time of one call, of calls that go on for `seconds`."""

    def timed(calls):
        start = time.perf_counter()
        for _ in range(calls):
            work()
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


def serve(version, workloads):
    """Answers compare.py; `workloads` maps a name to a function that builds what the work needs and returns the work."""
    answers = sys.stdout
    # What a library prints must not come between the answers.
    sys.stdout = sys.stderr

    def say(answer):
        print(json.dumps(answer), file=answers, flush=True)

    say({"version": version, "workloads": [{"name": name} for name in workloads]})
    current, work = None, None
    for line in sys.stdin:
        request = json.loads(line)
        if request["name"] != current:
            work = None
            current, work = request["name"], workloads[request["name"]]()
            for _ in range(3):
                work()
        say({"seconds": median(work, request["seconds"])})
