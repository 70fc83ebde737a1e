"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Resampling: see scripts/goldens/ops.py."""

import torch
import torch.nn.functional as F


def adaptive(f):
    """The samples of adaptive pooling."""
    return {
        "whole": lambda x: f(x, 1),
        "even": lambda x: f(x, (2, 3)),
        "uneven": lambda x: f(x, (3, 4)),
        "larger": lambda x: f(x, (3, 4)),
        "empty batch": lambda x: f(x, 2),
    }


def empty_pool(f):
    """PyTorch refuses some empty batches; a batch of one, without its picture, has the shape."""
    return lambda x: f(torch.cat([x, torch.zeros(1, *x.shape[1:], dtype=x.dtype)]), 2)[:0]


OPS = {
    "resized": {
        "nearest": lambda x: F.interpolate(x, (5, 2)),
        "bilinear": lambda x: F.interpolate(x, (5, 7), mode="bilinear"),
        "bilinear, smaller": lambda x: F.interpolate(x, (2, 4), mode="bilinear"),
        "bilinear, corners": lambda x: F.interpolate(x, (5, 1), mode="bilinear", align_corners=True),
        "bicubic": lambda x: F.interpolate(x, (5, 7), mode="bicubic"),
        "bicubic, corners": lambda x: F.interpolate(x, (6, 5), mode="bicubic", align_corners=True),
        "linear": lambda x: F.interpolate(x, 7, mode="linear"),
        "trilinear": lambda x: F.interpolate(x, (4, 2, 5), mode="trilinear"),
        "trilinear, corners": lambda x: F.interpolate(x, (2, 1, 5), mode="trilinear", align_corners=True),
        "nearest, sequences": lambda x: F.interpolate(x, 7),
        "nearest, volumes": lambda x: F.interpolate(x, (3, 2, 6)),
        "nearest exactly": lambda x: F.interpolate(x, (5, 3), mode="nearest-exact"),
        "area": lambda x: F.interpolate(x, (3, 6), mode="area"),
        "factors": lambda x: F.interpolate(x, scale_factor=(2.5, 0.6), mode="bilinear"),
        "factors, bicubic": lambda x: F.interpolate(x, scale_factor=(0.7, 2.6), mode="bicubic"),
        "factors, corners": lambda x: F.interpolate(x, scale_factor=1.5, mode="linear", align_corners=True),
        "factors, nearest": lambda x: F.interpolate(x, scale_factor=1.7),
        "factors, nearest exactly": lambda x: F.interpolate(x, scale_factor=1.7, mode="nearest-exact"),
        "empty batch": lambda x: x[:, :, :2, :2] * 1,
    },
    "resized, antialiased": {
        "bilinear": lambda x: F.interpolate(x, (3, 2), mode="bilinear", antialias=True),
        "bicubic": lambda x: F.interpolate(x, (2, 5), mode="bicubic", antialias=True),
        "one larger": lambda x: F.interpolate(x, (2, 7), mode="bicubic", antialias=True),
        "factors": lambda x: F.interpolate(x, scale_factor=(0.4, 1.5), mode="bilinear", antialias=True),
        "empty batch": lambda x: x[:, :, :2, :2] * 1,
    },
    "adaptiveAveragePool2d": adaptive(F.adaptive_avg_pool2d),
    "adaptiveMaxPool2d": adaptive(F.adaptive_max_pool2d),
    "adaptiveAveragePool1d": {"uneven": lambda x: F.adaptive_avg_pool1d(x, 3), "empty batch": empty_pool(F.adaptive_avg_pool1d)},
    "adaptiveMaxPool1d": {"uneven": lambda x: F.adaptive_max_pool1d(x, 3), "empty batch": empty_pool(F.adaptive_max_pool1d)},
    "adaptiveAveragePool3d": {
        "uneven": lambda x: F.adaptive_avg_pool3d(x, (3, 3, 2)), "empty batch": empty_pool(F.adaptive_avg_pool3d)},
    "adaptiveMaxPool3d": {
        "uneven": lambda x: F.adaptive_max_pool3d(x, (3, 3, 2)), "empty batch": empty_pool(F.adaptive_max_pool3d)},
    "maxUnpooled": {
        "pictures": lambda x: F.max_unpool2d(*F.max_pool2d(x, 2, return_indices=True), 2),
        "volumes": lambda x: F.max_unpool3d(*F.max_pool3d(x, 2, return_indices=True), 2, output_size=(4, 5, 2)),
        "empty batch": lambda x: torch.cat([x, x], 2) * 0,
    },
    "channelsShuffled": {
        "pictures": lambda x: F.channel_shuffle(x, 3),
        "rows": lambda x: F.channel_shuffle(x[:, :, None], 2)[:, :, 0],
        "empty batch": lambda x: x * 1,
    },
    "maxPool1d": {
        "plain": lambda x: F.max_pool1d(x, 2),
        "all options": lambda x: F.max_pool1d(x, 3, 2, 1, 2),
        "ceil mode": lambda x: F.max_pool1d(x, 2, 3, 1, 2, ceil_mode=True),
        "larger than the input": lambda x: F.max_pool1d(x, 3, ceil_mode=True),
        "empty batch": empty_pool(F.max_pool1d),
    },
    "averagePool1d": {
        "plain": lambda x: F.avg_pool1d(x, 2),
        "padding": lambda x: F.avg_pool1d(x, 3, 2, 1, count_include_pad=False),
        "ceil mode": lambda x: F.avg_pool1d(x, 4, 3, 1, ceil_mode=True),
        "empty batch": empty_pool(F.avg_pool1d),
    },
    "maxPool3d": {
        "plain": lambda x: F.max_pool3d(x, 2),
        "all options": lambda x: F.max_pool3d(x, (2, 3, 2), (1, 2, 2), (1, 1, 0)),
        "dilation": lambda x: F.max_pool3d(x, 2, 1, dilation=(2, 1, 3)),
        "ceil mode": lambda x: F.max_pool3d(x, (3, 2, 2), 2, (0, 1, 0), ceil_mode=True),
        "empty batch": empty_pool(F.max_pool3d),
    },
    "averagePool3d": {
        "plain": lambda x: F.avg_pool3d(x, 2),
        "padding": lambda x: F.avg_pool3d(x, (2, 3, 2), (1, 2, 2), (1, 1, 0), count_include_pad=False),
        "ceil mode": lambda x: F.avg_pool3d(x, (3, 2, 2), 2, (0, 1, 0), ceil_mode=True),
        "ceil mode, padding does not count": lambda x: F.avg_pool3d(x, (3, 2, 2), 2, (1, 1, 0), True, False),
        "divisor": lambda x: F.avg_pool3d(x, (3, 2, 2), 2, ceil_mode=True, divisor_override=7),
        "empty batch": empty_pool(F.avg_pool3d),
    },
    "gridSampled": {
        "bilinear": lambda x, grid: F.grid_sample(x, grid, align_corners=False),
        "border, corners": lambda x, grid: F.grid_sample(x, grid, padding_mode="border", align_corners=True),
        "reflection": lambda x, grid: F.grid_sample(x, grid, padding_mode="reflection", align_corners=False),
        "empty batch": lambda x, grid: F.grid_sample(x, grid, align_corners=False),
    },
    "affineGrid": {
        "plain": lambda theta: F.affine_grid(theta, (2, 1, 3, 4), align_corners=False),
        "corners": lambda theta: F.affine_grid(theta, (1, 1, 2, 1), align_corners=True),
        "empty batch": lambda theta: theta[:, :, :2, None].expand(-1, -1, -1, 2) * 1,
    },
    "patches": {
        "plain": lambda x: F.unfold(x, 2),
        "all options": lambda x: F.unfold(x, (2, 3), stride=(1, 2), padding=(1, 2), dilation=(2, 1)),
        "empty batch": lambda x: F.unfold(x, 2),
    },
    "patchesAdded": {
        "plain": lambda x: F.fold(x, (3, 4), 2),
        "all options": lambda x: F.fold(x, (5, 4), (2, 3), stride=(1, 2), padding=(1, 2), dilation=(2, 1)),
        "empty batch": lambda x: F.fold(x, (3, 4), 2),
    },
    "pixelsShuffled": {"two": lambda x: F.pixel_shuffle(x, 2), "empty batch": lambda x: x.reshape(0, 1, 4, 6)},
    "pixelsUnshuffled": {"two": lambda x: F.pixel_unshuffle(x, 2), "empty batch": lambda x: x.reshape(0, 4, 1, 2)},
    "padded by continuation": {
        "reflected": lambda x: F.pad(x[None], (3, 2, 1, 0), "reflect")[0],
        "repeated": lambda x: F.pad(x[None], (0, 4, 1, 2), "replicate")[0],
        "wrapped": lambda x: F.pad(x[None], (3, 0, 1, 2), "circular")[0],
        "empty batch": lambda x: torch.cat([x[:, :, -1:], x, x[:, :, :1]], 2),
    },
}
