"""Where goldens go, and how: the same numbers give the same bytes, on any processor.

The last bits of PyTorch's numbers depend on the processor and on its libraries' version. So a stored number stays as it is unless the
new one is further from it than rounding leads: then running a script twice, or on another machine, changes no file.
"""

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

FOLDER = Path(__file__).resolve().parents[2] / "Tests" / "Goldens"

# A few hundred units in the last place: what sums in another order, and some steps of training after them, may differ by.
ROUNDING = {torch.float64: 1e-11, torch.float32: 2e-6, torch.bfloat16: 0.02}


def settled(new, old, special):
    """The stored tensor if the new one differs from it by rounding alone, relative to its largest element; special values are told
    apart by sign and exponent, thus close only relative to themselves."""
    if old is None or old.dtype != new.dtype or old.shape != new.shape:
        return new
    if not new.is_floating_point():
        return old if torch.equal(new, old) else new
    rounding = ROUNDING[new.dtype]
    if special:
        same = torch.isclose(new, old, rtol=rounding, atol=0, equal_nan=True) & (new.isnan() | (new.signbit() == old.signbit()))
    else:
        largest = max([1.0, *old[old.isfinite()].abs().flatten().tolist()])
        same = torch.isclose(new, old, rtol=0, atol=rounding * largest, equal_nan=True)
    return old if bool(same.all()) else new


def store(tensors, name):
    """Writes Tests/Goldens/NAME.safetensors."""
    path = FOLDER / f"{name}.safetensors"
    stored = load_file(path) if path.exists() else {}
    kept = {}
    for key, x in tensors.items():
        x = x.detach().clone(memory_format=torch.contiguous_format)
        kept[key] = settled(x, stored.get(key), key.startswith("special/"))
    save_file(kept, path)
    changed = sorted(key for key, x in kept.items() if x is not stored.get(key))
    gone = sorted(stored.keys() - kept.keys())
    print(f"{name}: {len(kept)} tensors, {path.stat().st_size} bytes; {len(changed)} changed, {len(gone)} gone", *changed[:3])
