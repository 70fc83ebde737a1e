"""What many rows say together."""

import math
import statistics


def means(rows, peers):
    """For each peer that took part: the geometric mean of its ratios and how many are below 1, of networks and of all rows."""
    result = {}
    for peer in peers:
        networks = [row["peers"][peer]["ratio"] for row in rows.values() if peer in row["peers"] and row["network"]]
        everything = [row["peers"][peer]["ratio"] for row in rows.values() if peer in row["peers"]]
        if everything:
            result[peer] = {"networks": mean_of(networks), "all": mean_of(everything)}
    return result


def mean_of(ratios):
    """The geometric mean, since 2× and ½× cancel; None of nothing."""
    if not ratios:
        return None
    mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
    return {"mean": mean, "rows": len(ratios), "below 1": sum(ratio < 1 for ratio in ratios)}


def limits(rows):
    """The hardware's measured limits: {kind: {bytes of the arrays, or None for operations: median rate}}."""
    found = {}
    for row in rows.values():
        if "needs" in row:
            kind, amount = row["needs"]["kind"], row["needs"]["amount"]
            found.setdefault(kind, {}).setdefault(None if kind == "operations" else amount, []).append(row["limit"])
    return {
        kind: {size: statistics.median(rates) for size, rates in sorted(sizes.items(), key=lambda item: item[0] or 0)}
        for kind, sizes in found.items()}
