"""The page of results, as Markdown."""

from stages import TASKS

SIDES = {"glassbox": "Glassbox", "pytorch": "PyTorch"}
INTRODUCTION = """\
# Benchmarks of tasks

Written by `scripts/bench-tasks`: whole trainings from one command, in Glassbox and in PyTorch, with the same network, recipe and data, one
after the other on the same machine.

- *to the figure* is from the start of the command until the first epoch's test that reaches the wanted figures, *whole* until its end, with
  reading the data and all tests; *training* is that without reading and tests.
- A ratio is PyTorch's time over Glassbox's; 2× is twice as fast.
- PyTorch decodes all pictures into memory once, augments batches as tensors, uses `channels_last` and fused optimisers,
  and `torch.compile` where that saves more time than it takes.
- Of the language model, PyTorch's side is the configuration for CPUs that nanoGPT has published, and Glassbox's its own recipe: the figure is what counts.
- Both sides begin with seed 1 and draw their own random numbers, so that figures differ by chance as between two seeds.
- *Glassbox's weights in PyTorch* are the final ones, tested by PyTorch's network on the data as PyTorch's side has read it.
"""


def document(results):
    lines = [INTRODUCTION, *environment(results), ""]
    for task, title in TASKS.items():
        stages = [stage for stage in results.values() if stage["task"] == task]
        if stages:
            lines += [f"## {title}", "", *(line for stage in stages for line in section(stage, stages))]
    return "\n".join(lines).rstrip() + "\n"


def published(results):
    """The results without places of this machine's."""
    def without_places(training):
        kept = {name: value for name, value in training.items() if name not in ("run", "weights")}
        kept["command"] = [shown(part) for part in training["command"]]
        if "config" in kept:
            settings = kept["config"]["settings"]
            data = {name: shown(value) if isinstance(value, str) else value for name, value in settings["data"].items()}
            kept["config"] = kept["config"] | {"settings": settings | {"data": data}}
        return kept

    return {
        name: stage | {"sides": {side: without_places(training) for side, training in stage["sides"].items()}}
        for name, stage in results.items()}


def environment(results):
    trainings = [training for stage in results.values() for training in stage["sides"].values()]
    lines = [f"- Machine: {machine}" for machine in distinct(training["machine"] for training in trainings)]
    lines += [f"- Threads: {threads}" for threads in distinct(training["threads"] for training in trainings)]
    for side, name in SIDES.items():
        found = distinct(stage["sides"][side]["version"] for stage in results.values() if side in stage["sides"])
        lines += [f"- {name}: {version}" for version in found]
    return lines


def distinct(values):
    return list(dict.fromkeys(values))


def section(stage, stages):
    sides = stage["sides"]
    lines = [f"### {stage['name'].capitalize()}", ""] if len(stages) > 1 else []
    if "glassbox" in sides:
        lines += ["`glassbox " + " ".join(shown(part) for part in sides["glassbox"]["command"][1:]) + "`", ""]
    recipe = sides.get("pytorch", {}).get("recipe")
    if recipe:
        lines += ["- Recipe: " + ", ".join(f"{name.replace('_', ' ')} {said(value)}" for name, value in recipe.items())]
    if parameters := sides.get("pytorch", {}).get("parameters"):
        lines += [f"- Parameters: {parameters}"]
    lines += [f"- {file}: SHA-256 {hash}" for file, hash in stage["data"].items()]
    if wanted := wanted_of(stage, stages):
        texts = {f"{SIDES[side]} {figures(values)}": figures(values) for side, values in wanted.items()}
        lines += ["- Wanted: " + ("; ".join(texts) if len(set(texts.values())) > 1 else next(iter(texts.values())))]
    lines += [""] + table(sides, wanted)
    if "in_pytorch" in sides.get("glassbox", {}):
        lines += ["", f"Glassbox's weights in PyTorch: {figures(sides['glassbox']['in_pytorch'])}."]
    return lines + [""]


def said(value):
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def shown(part):
    """A command's word; of a path, what is its own."""
    return part.rsplit("/", 1)[-1] if part.startswith("/") else part


def wanted_of(stage, stages):
    """What each side is to reach: the task's figures; with pre-training, what the same side reaches from nothing."""
    if stage["wanted"]:
        return {side: stage["wanted"] for side in stage["sides"]}
    if stage["name"] != "pre-trained":
        return {}
    nothing = next((other["sides"] for other in stages if other["name"] == "from nothing"), {})
    return {side: {"accuracy": last(nothing[side])["accuracy"]} for side in stage["sides"] if side in nothing}


def table(sides, wanted):
    unseen = has_unseen(sides)
    head = ["", "figure", "best epoch"] + ([f"recall of {unseen}"] if unseen else [])
    head += (["to the figure"] if wanted else []) + ["whole", "training", "samples/s"]
    rows = []
    for side, training in sides.items():
        best = max(training["epochs"], key=lambda epoch: epoch["validation"].get("accuracy", -epoch["validation"]["loss"]))
        row = [SIDES[side] + (", torch.compile" if training.get("compiled") else ""), figures(last(training)), f"{figures(best['validation'])}, {best['epoch']}."]
        row += [f"{100 * training['recalls'][unseen]:.2f} %"] if unseen else []
        row += [seconds(time_to(training, wanted.get(side)))] if wanted else []
        rows.append(row + [seconds(training["seconds"]), seconds(trained(training)), f"{rate(training):,.0f}"])
    if len(sides) == 2:
        ours, peer = sides["glassbox"], sides["pytorch"]
        row = ["ratio", "", ""] + ([""] if unseen else [])
        row += [ratio(time_to(peer, wanted.get("pytorch")), time_to(ours, wanted.get("glassbox")))] if wanted else []
        rows.append(row + [
            ratio(peer["seconds"], ours["seconds"]), ratio(trained(peer), trained(ours)), ratio(rate(ours), rate(peer))])
    return ["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]]


def has_unseen(sides):
    """The class that pre-training has not seen, where that matters: in a task of pictures with ten classes and a pre-training."""
    return next((training["unseen"] for training in sides.values() if training.get("unseen") in training["recalls"]), None)


def last(training):
    return training["epochs"][-1]["validation"]


def figures(values):
    """The figures that matter: of classes the accuracy and the area, else the loss."""
    texts = {"accuracy": lambda x: f"{100 * x:.2f} %", "ROC AUC": lambda x: f"AUC {x:.4f}"}
    parts = [text(values[name]) for name, text in texts.items() if name in values]
    return ", ".join(parts) or f"loss {values['loss']:.4f}"


def time_to(training, wanted):
    """Seconds until the first epoch's test with all wanted figures; None if there is none."""
    def reached(epoch):
        signs = {"loss": -1}
        return wanted and all(signs.get(name, 1) * (epoch["validation"][name] - value) >= 0 for name, value in wanted.items())

    return next((epoch["elapsed"] for epoch in training["epochs"] if reached(epoch)), None)


def trained(training):
    return sum(epoch["seconds"] for epoch in training["epochs"])


def rate(training):
    """Samples a second in training, over all epochs."""
    return sum(epoch["samples_per_second"] * epoch["seconds"] for epoch in training["epochs"]) / trained(training)


def seconds(value):
    if value is None:
        return "not reached"
    return f"{value / 60:.1f} min" if value >= 120 else f"{value:.1f} s"


def ratio(peer, ours):
    return f"{peer / ours:.2f}×" if peer and ours else ""
