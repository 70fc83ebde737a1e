"""Writes Tests/Goldens/pictures/transforms.safetensors: what torchvision makes of a picture of noise and ramps, uint8 [1, 3, 13, 17].

Needs torch and torchvision from PyPI. Run it from anywhere: python scripts/goldens/picture_transforms.py
"""

import pathlib

import torch
import torchvision.transforms.functional as F
from safetensors.torch import save_file
from torchvision.transforms import InterpolationMode, RandAugment
from torchvision.transforms.autoaugment import _apply_op

path = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Goldens" / "pictures" / "transforms.safetensors"
torch.manual_seed(0)
down, across = torch.arange(13).view(-1, 1), torch.arange(17)
ramps = torch.stack([down * 15 + across * 3, across * 12 + down * 0, 200 - down * across])
x = (ramps + torch.randint(-20, 40, (3, 13, 17))).clamp(0, 255).to(torch.uint8)[None]
x[0, :, 2, 3:6] = 90  # grey
f = x.float() / 255
results = {"x": x}

for height, width in [(7, 9), (26, 20), (13, 8)]:
    results[f"resize/{height}x{width}"] = F.resize(x, [height, width], antialias=True)
for name, function, factors in [
    ("brightness", F.adjust_brightness, [0.3, 1.7]), ("contrast", F.adjust_contrast, [0.3, 1.7]),
    ("saturation", F.adjust_saturation, [0.3, 1.7]), ("sharpness", F.adjust_sharpness, [0.3, 1.7]), ("hue", F.adjust_hue, [-0.3, 0.1]),
]:
    for factor in factors:
        results[f"{name}/{factor}/uint8"] = function(x, factor)
        results[f"{name}/{factor}/float32"] = function(f, factor)
for name, mode in [("nearest", InterpolationMode.NEAREST), ("bilinear", InterpolationMode.BILINEAR)]:
    results[f"affine/{name}"] = F.affine(f, angle=20, translate=[2, -1], scale=1.2, shear=[10, 5], interpolation=mode)
    results[f"affine/{name}/uint8"] = F.affine(x, angle=20, translate=[2, -1], scale=1.2, shear=[10, 5], interpolation=mode)
space = RandAugment()._augmentation_space(31, (13, 17))
for name, (magnitudes, signed) in space.items():
    for sign in [1, -1] if signed else [1]:
        for level in [9, 30]:
            magnitude = sign * (float(magnitudes[level]) if magnitudes.ndim else 0.0)
            results[f"randaugment/{name}/{level}/{sign}"] = _apply_op(x, name, magnitude, InterpolationMode.NEAREST, None)

save_file({key: value.contiguous().clone() for key, value in results.items()}, path)
print(f"{len(results)} tensors, {path.stat().st_size} bytes")
