"""Writes Tests/Goldens/tensorio: files as NumPy and the safetensors reference implementation write them.

Needs numpy and safetensors from PyPI. Run it from anywhere: python scripts/goldens/tensorio.py
Element i of an array is i/2 - 2 in floating dtypes, 3i - 5 in signed integers, 3i in unsigned ones, and i % 3 == 0 in bool.
"""

import json
import pathlib
import struct
import zipfile

import numpy as np
import safetensors.numpy

folder = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Goldens" / "tensorio"
folder.mkdir(parents=True, exist_ok=True)


def numbers(dtype, shape):
    i = np.arange(int(np.prod(shape)))
    dtype = np.dtype(dtype)
    values = {"f": i / 2 - 2, "i": 3 * i - 5, "u": 3 * i, "b": i % 3 == 0}[dtype.kind]
    return values.astype(dtype).reshape(shape)


# npy: every dtype in both byte orders, both orders of elements, all versions, odd shapes.
for dtype in ["<f2", "<f4", "<f8", "<i4", "<i8", "|u1", "|b1", ">f2", ">f4", ">f8", ">i4", ">i8"]:
    order = {"<": "little", ">": "big", "|": "byte"}[dtype[0]]
    np.save(folder / f"{order}-{dtype[1:]}.npy", numbers(dtype, (2, 3)))
np.save(folder / "columns.npy", np.asfortranarray(numbers("<f4", (2, 3, 4))))
np.save(folder / "columns-big.npy", np.asfortranarray(numbers(">f8", (3, 2))))
np.save(folder / "scalar.npy", numbers("<f8", ()))
np.save(folder / "vector.npy", numbers("<i4", (5,)))
np.save(folder / "empty.npy", numbers("<f4", (3, 0, 2)))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(folder / f"version-{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, numbers("<f4", (2, 2)), version=version)

# npy that tensors cannot hold.
np.save(folder / "refused-records.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save(folder / "refused-object.npy", np.array([None, 1], dtype=object), allow_pickle=True)
np.save(folder / "refused-text.npy", np.array(["ab"]))
np.save(folder / "refused-complex.npy", np.zeros(2, dtype="<c8"))
np.save(folder / "refused-int16.npy", np.zeros(2, dtype="<i2"))

# npz
arrays = {"weight": numbers("<f4", (2, 3)), "layer/bias": numbers("<f8", (4,)), "größe": numbers("<i8", ())}
np.savez(folder / "stored.npz", **arrays)
np.savez_compressed(folder / "deflated.npz", **arrays, zeros=np.zeros((50, 50), dtype="<f4"))
np.savez(folder / "empty.npz")
with zipfile.ZipFile(folder / "refused-readme.npz", "w") as file:
    file.writestr(zipfile.ZipInfo("readme.txt"), "not an array")  # of 1980, not of today

# safetensors
safetensors.numpy.save_file(
    {
        "float64": numbers("<f8", (2, 3)), "float32": numbers("<f4", (2, 3)), "float16": numbers("<f2", (2, 3)),
        "int64": numbers("<i8", (2, 3)), "int32": numbers("<i4", (2, 3)), "uint8": numbers("|u1", (2, 3)),
        "bool": numbers("|b1", (2, 3)), "scalar": numbers("<f4", ()), "empty": numbers("<f4", (0, 4)),
        "größe \"1\"\n": numbers("<i4", (1,)), "refused": numbers("<i2", (2,)),
    },
    folder / "types.safetensors",
    metadata={"format": "numpy"},
)
safetensors.numpy.save_file(
    {"b.weight": numbers("<f4", (2, 3)), "a.weight": numbers("<f4", (3,)), "c": numbers("<f4", ())},
    folder / "floats.safetensors",
    metadata={"note": "first\nsecond \"quoted\" \\ é"},
)

# safetensors by hand: bfloat16 (the upper halves of the float32), and a tensor that is not aligned.
upper = numbers("<f4", (2, 3)).view("<u4") >> 16
header = json.dumps(
    {
        "byte": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},
        "bfloat16": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [1, 13]},
        "unaligned": {"dtype": "F64", "shape": [2], "data_offsets": [13, 29]},
    },
    indent=1,
).encode()
data = numbers("|u1", (1,)).tobytes() + upper.astype("<u2").tobytes() + numbers("<f8", (2,)).tobytes()
(folder / "unaligned.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + data)

# IDX
for code, dtype in [(0x08, "|u1"), (0x09, "|i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")]:
    head = struct.pack(">BBBBII", 0, 0, code, 2, 2, 3)
    (folder / f"type-{code:02x}.idx").write_bytes(head + numbers(dtype, (2, 3)).tobytes())
