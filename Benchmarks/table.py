"""The report as Markdown."""

from summary import limits, means


def document(report, chart=None):
    """The page: how it was measured, on what, and two tables for each number of threads."""
    peers = [name for name in report["versions"] if name != "Glassbox"]
    lines = [
        "# Benchmarks", "",
        "Written by `make bench`: each workload on each side in turns. A ratio is the peer's time over Glassbox's; 2× is twice as fast.",
        f"Medians of {report['least rounds']} to {report['rounds']} rounds of {report['seconds']} s for each side; ratios and shares are "
        "taken within a round, and *middle half* is where the",
        "middle half of the rounds' ratios to PyTorch lies. `torch.compile` takes part in whole networks only.", "",
        f"- Machine: {report['machine']}", *(f"- {name}: {version}" for name, version in report["versions"].items()), ""]
    if chart:
        lines += [f"![Each workload's ratio to each peer, by number of threads]({chart})", ""]
    for threads, rows in report["threads"].items():
        lines += section(threads, rows, peers)
    return "\n".join(lines)


def section(threads, rows, peers):
    networks = {name: row for name, row in rows.items() if row["network"]}
    operations = {name: row for name, row in rows.items() if not row["network"]}
    lines = [f"## {threads} thread{'s' if int(threads) > 1 else ''}", "", *summary_table(rows, peers), ""]
    if networks:
        lines += [
            "### Networks", "",
            "A training step each: gradients cleared, forward, backward, the optimiser's step. Memory is how much a fresh process that has",
            "trained the smallest network grows at its peak in five steps (resident pages); what is below a megabyte is not shown.",
            "bfloat16 autocast is PyTorch's `torch.autocast` beside our `withAutocast`, and *over float32* our own float32 step's time over it.",
            "",
            *network_table(networks, peers), ""]
    if operations:
        lines += ["### Operations", "", *limit_lines(rows), *operation_table(operations, peers), ""]
    return lines


def summary_table(rows, peers):
    cells = []
    for peer, mean in means(rows, peers).items():
        def shown(group):
            return [f"{group['mean']:.2f}×", f"{group['below 1']} of {group['rows']}"] if group else ["", ""]
        cells.append([peer, *shown(mean["networks"]), *shown(mean["all"])])
    return markdown(
        ["against", "networks: geometric mean", "below 1×", "all rows: geometric mean", "below 1×"], cells)


def network_table(rows, peers):
    others = [peer for peer in peers if peer != "PyTorch"]
    head = ["work", "Glassbox", "PyTorch", "ratio", "middle half"] + [f"{peer}: ratio" for peer in others]
    return markdown(
        head + ["over float32", "memory, ours / PyTorch's", "spread"],
        [[
            *times(name, row), *(ratio(row, peer) for peer in others), over_float32(row), memory(row), spread(row)]
            for name, row in rows.items()])


def operation_table(rows, peers):
    others = [peer for peer in peers if any(peer in row["peers"] for row in rows.values()) and peer != "PyTorch"]
    head = ["work", "Glassbox", "PyTorch", "ratio", "middle half"] + [f"{peer}: ratio" for peer in others]
    return markdown(
        head + ["speed", "of the limit", "of oneDNN's own", "spread"],
        [[
            *times(name, row), *(ratio(row, peer) for peer in others), speed(row), percent(row.get("share of limit")),
            percent(row.get("share of oneDNN")), spread(row)] for name, row in rows.items()])


def limit_lines(rows):
    """The hardware's measured limits in words."""
    found = limits(rows)
    if not found:
        return []
    names = {"traffic": "reading and writing (y = a + s·b)", "reads": "reading (Σ a)"}
    lines = ["Limits of the hardware, measured beside the rows that they bound, on as many threads:", ""]
    if "operations" in found:
        lines.append(f"- multiply-adds in registers: {found['operations'][None] / 1e9:.0f} GFLOP/s")
    for kind in [kind for kind in names if kind in found]:
        rates = ", ".join(f"{rate / 1e9:.0f} GB/s over {megabytes(size)}" for size, rate in found[kind].items())
        lines.append(f"- {names[kind]}: {rates}")
    share = ("A share is of the limit at the row's own size, in whichever cache or memory that lies; rows of a hundred elements have none. "
             "A\nconvolution's operations are those of its definition; Winograd's algorithm needs fewer, and so comes to more than 100 %.")
    return [*lines, "", share, ""]


def times(name, row):
    eager = row["peers"].get("PyTorch")
    if not eager:
        return [name, duration(row["seconds"]), "", "", ""]
    low, high = eager["quartiles"]
    return [name, duration(row["seconds"]), duration(eager["seconds"]), ratio(row, "PyTorch"), f"{low:.2f}–{high:.2f}"]


def ratio(row, peer):
    return f"{row['peers'][peer]['ratio']:.2f}×" if peer in row["peers"] else ""


def over_float32(row):
    return f"{row['over float32']:.2f}×" if "over float32" in row else ""


def memory(row):
    sizes = row.get("memory", {})
    if not {"Glassbox", "PyTorch"} <= sizes.keys():
        return ""
    ours, theirs = sizes["Glassbox"], sizes["PyTorch"]
    if min(ours, theirs) < 1e6:
        return ""
    return f"{ours / 1e6:.0f} / {theirs / 1e6:.0f} MB = {ours / theirs:.2f}"


def speed(row):
    if "needs" not in row:
        return ""
    return f"{row['rate'] / 1e9:.0f} {'GFLOP/s' if row['needs']['kind'] == 'operations' else 'GB/s'}"


def spread(row):
    return f"±{row['spread'] * 100:.0f} %"


def percent(share):
    return "" if share is None else f"{share * 100:.0f} %"


def duration(seconds):
    for unit, scale in [("s", 1), ("ms", 1e-3), ("µs", 1e-6)]:
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}"
    return f"{seconds * 1e9:.0f} ns"


def megabytes(size):
    return f"{size / 1e6:.2g} MB" if size < 1e6 else f"{size / 1e6:.0f} MB"


def markdown(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]
