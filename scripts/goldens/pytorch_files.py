"""Writes Tests/Goldens/tensorio/*.pt and the sharded safetensors beside them: files as PyTorch and Hugging Face's package write them.

Needs torch, numpy and safetensors from PyPI (made with torch 2.15). Run it from anywhere: python scripts/goldens/pytorch_files.py
Element i of a tensor is i/2 - 2 in floating dtypes, 3i - 5 in signed integers, 3i in unsigned ones, and i % 3 == 0 in bool.
"""

import json
import pathlib
import zipfile

import safetensors.torch
import torch
from store import store

folder = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Goldens" / "tensorio"
floats = [torch.float16, torch.bfloat16, torch.float32, torch.float64]


def numbers(dtype, shape):
    i = torch.arange(int(torch.tensor(shape).prod()) if shape else 1)
    if dtype.is_complex or dtype in floats:
        values = i / 2 - 2
    elif dtype == torch.bool:
        values = i % 3 == 0
    else:
        values = 3 * i if dtype == torch.uint8 else 3 * i - 5
    return values.to(dtype).reshape(shape)


def rewritten(source, target, changes, compressed=False):
    """A copy of a checkpoint with some of its members changed, by their names without the folder."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        for name in old.namelist():
            data = old.read(name)
            change = changes.get(name.split("/", 1)[1])
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            new.writestr(info, change(data) if change else data)


# Every dtype; a scalar, an empty one.
dtypes = floats + [torch.int32, torch.int64, torch.uint8, torch.bool]
types = {str(dtype).split(".")[1]: numbers(dtype, (2, 3)) for dtype in dtypes}
types |= {"scalar": numbers(torch.float32, ()), "empty": numbers(torch.float64, (2, 0, 3))}
torch.save(types, folder / "types.pt")
torch.save(types, folder / "types-protocol-4.pt", pickle_protocol=4)
rewritten(folder / "types.pt", folder / "types-deflated.pt", {}, compressed=True)

# The other byte order, as a machine that has it writes: the same elements turned round.
big = {f"data/{i}": (lambda size: lambda data: b"".join(data[j : j + size][::-1] for j in range(0, len(data), size)))(
    tensor.element_size()) for i, tensor in enumerate(types.values())}
rewritten(folder / "types.pt", folder / "types-big.pt", {**big, "byteorder": lambda _: b"big"})
rewritten(folder / "types.pt", folder / "refused-byteorder.pt", {"byteorder": lambda _: b"middle"})

# Element types that tensors lack, one by one beside one that they have.
torch.save(
    {"int8": numbers(torch.int8, (2,)), "int16": numbers(torch.int16, (2,)), "complex64": numbers(torch.complex64, (2,)),
     "float32": numbers(torch.float32, (2,))}, folder / "unsupported.pt")

# Views: transposed, with steps, with an offset, expanded, overlapping; two that share a storage; a parameter; a gradient.
base = numbers(torch.float32, (4, 6))
half = numbers(torch.float16, (4, 6))
shared = numbers(torch.float32, (10,))
torch.save(
    {
        "transposed": base.t(), "steps": base[1::2, ::3], "offset": base[2, 1:4], "expanded": base[:, 2:3].expand(4, 3),
        "overlapping": shared.unfold(0, 4, 2), "permuted": base.reshape(2, 2, 6).permute(2, 0, 1), "half": half.t(),
        "first": shared[:6], "second": shared[4:], "parameter": torch.nn.Parameter(base[0]),
        "leaf": numbers(torch.float32, (3,)).requires_grad_(), "bools": numbers(torch.bool, (4, 6)).t(),
    },
    folder / "views.pt")

# A model, its outputs, and a checkpoint of a training run with it. Numbers are sixteenths: the same bits on every machine.
def sixteenths(like, start):
    k = torch.arange(like.numel()) * 7 + start
    return (k % 13 - 6).reshape(like.shape).to(like.dtype) / 16


model = torch.nn.Sequential(
    torch.nn.Conv2d(1, 3, 3, padding=1), torch.nn.BatchNorm2d(3), torch.nn.ReLU(), torch.nn.Flatten(),
    torch.nn.Linear(48, 5))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for parameter in model.parameters():
    parameter.grad = torch.zeros_like(parameter)
for _ in range(3):
    optimizer.step()
with torch.no_grad():
    for number, tensor in enumerate(t for t in model.state_dict().values() if t.is_floating_point()):
        tensor.copy_(sixteenths(tensor, number))
    for number, state in enumerate(optimizer.state.values()):
        state["exp_avg"].copy_(sixteenths(state["exp_avg"], number))
        state["exp_avg_sq"].copy_(sixteenths(state["exp_avg_sq"], number).square())
    model[1].running_var.add_(1)
    model[1].num_batches_tracked.fill_(3)
model.eval()
x = sixteenths(torch.zeros(2, 1, 4, 4), 1)
store({"x": x, "y": model(x)}, "tensorio/model")
torch.save(model.state_dict(), folder / "model.pt")
torch.save(
    {
        "model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "loss": 0.25, "best": None,
        "done": False, "name": "größe \U0001f600", "sizes": model[0].weight.shape, "dtype": torch.bfloat16,
        "history": [1, 2.5, [], (), {}], "large": [2**62, -(2**63), -1, 255, 256, 65536, -70000], 7: "seven",
    },
    folder / "checkpoint.pt")

# What must be refused.
torch.manual_seed(0)
torch.save({"epoch": 3}, folder / "refused-legacy.pt", _use_new_zipfile_serialization=False)
torch.save(torch.nn.Linear(2, 1), folder / "refused-module.pt")
torch.save({"x": torch.zeros(2).to_sparse()}, folder / "refused-sparse.pt")
torch.save({"x": {1, 2}}, folder / "refused-set.pt")


class Malicious:
    def __reduce__(self):
        import os
        return os.system, ("echo a pickle has run a command",)


torch.save({"weight": torch.zeros(2), "payload": Malicious()}, folder / "refused-command.pt")

loop = []
loop.append(loop)
torch.save({"loop": loop}, folder / "refused-loop.pt")
bomb = []
for _ in range(64):
    bomb = [bomb, bomb]
torch.save(bomb, folder / "refused-bomb.pt")

# Shards: the files by the safetensors package, the index as huggingface_hub writes it.
shards = [
    {"a.weight": numbers(torch.float32, (2, 3)), "a.bias": numbers(torch.float16, (3,))},
    {"b.weight": numbers(torch.bfloat16, (4,)), "größe": numbers(torch.int64, ())},
]
weight_map = {}
for number, tensors in enumerate(shards):
    name = f"sharded-{number + 1:05}-of-{len(shards):05}.safetensors"
    safetensors.torch.save_file(tensors, folder / name, metadata={"format": "pt"})
    weight_map |= {key: name for key in tensors}
total = sum(t.numel() * t.element_size() for tensors in shards for t in tensors.values())
index = {"metadata": {"total_size": total, "total_parameters": 1e1, "notes": [None, True, {"a": "b"}]},
         "weight_map": dict(sorted(weight_map.items()))}
(folder / "sharded.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")
