"""One row of the benchmark: a workload on every side in turns, round after round."""

import statistics
import time

OWN = ", oneDNN's own"
AUTOCAST = ", bfloat16 autocast"
LEAST_ROUNDS = 5
MEMORY_STEPS = 5
SMALLEST_TRAINING = "MLP 4-64-64-2 tanh, batch 32, Adam"


def row(name, ours, peers, options):
    """What the table, the chart and the JSON know of a workload.

    A round asks each side once for a slice of `options.seconds`, and the hardware's limit for one too. Rounds go on for
    `options.budget` seconds, at least five and at most `options.rounds`: a product of microseconds sees many slices, a network whose
    step fills its slice sees few. Ratios and shares are taken within a round, where the machine's speed was the same.
    """
    workload = ours.workloads[name]
    taking_part = {peer: side for peer, side in peers.items() if name in side.workloads}
    measures = {"Glassbox": lambda: ours.time(name, options.seconds)}
    for peer, side in taking_part.items():
        measures[peer] = lambda side=side: side.time(name, options.seconds)
    if name + OWN in ours.workloads:
        measures[OWN] = lambda: ours.time(name + OWN, options.seconds)
    if name.endswith(AUTOCAST):
        measures["float32"] = lambda: ours.time(name.removesuffix(AUTOCAST), options.seconds)
    if "needs" in workload:
        measures["limit"] = lambda: ours.limit(name, options.seconds)

    rounds = [{side: measure() for side, measure in measures.items()}]
    # The first round's compilation and warming up do not count.
    start = time.monotonic()
    while len(rounds) < LEAST_ROUNDS or len(rounds) < options.rounds and time.monotonic() - start < options.budget:
        rounds.append({side: measure() for side, measure in measures.items()})

    mine = [one["Glassbox"] for one in rounds]
    result = {
        "network": workload["network"], "rounds": len(rounds), "seconds": statistics.median(mine), "spread": half_spread(mine),
        "peers": {peer: against(rounds, peer) for peer in taking_part}}
    if OWN in measures:
        result["share of oneDNN"] = against(rounds, OWN)["ratio"]
    if "float32" in measures:
        result["over float32"] = against(rounds, "float32")["ratio"]
    if "needs" in workload:
        needs = workload["needs"]
        result["needs"] = needs
        result["rate"] = needs["amount"] / result["seconds"]
        result["limit"] = statistics.median(one["limit"] for one in rounds)
        result["share of limit"] = statistics.median(needs["amount"] / one["Glassbox"] / one["limit"] for one in rounds)
    return result


def against(rounds, peer):
    """A peer's median time, and the median and the quartiles of its time over ours."""
    ratios = [one[peer] / one["Glassbox"] for one in rounds]
    low, median, high = statistics.quantiles(ratios, n=4, method="inclusive")
    return {"seconds": statistics.median(one[peer] for one in rounds), "ratio": median, "quartiles": [low, high]}


def half_spread(values):
    """Half the distance between the quartiles, over the median."""
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / median


def memory(name, sides):
    """The bytes by which a fresh process of each side grows at its peak in a few calls of the workload.

    `sides` maps a side's name to a function that starts it. The smallest network trains first: what any first step loads (PyTorch's
    imports a hundred megabytes of modules) is not this workload's.
    """
    result = {}
    for side, start in sides.items():
        process = start()
        if name in process.workloads:
            result[side] = process.memory(name, MEMORY_STEPS, after=SMALLEST_TRAINING)
        process.end()
    return result
