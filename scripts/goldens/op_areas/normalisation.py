"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Normalisation: see scripts/goldens/ops.py."""

import torch.nn.functional as F

OPS = {
    "layerNorm": {
        "affine": lambda x, w, b: F.layer_norm(x, [5], w, b),
        "two axes": lambda x, w, b: F.layer_norm(x, [3, 4], w, b, eps=0.1),
        "without bias": lambda x, w: F.layer_norm(x, [19], w),
        "bias alone": lambda x, b: F.layer_norm(x, [3], None, b),
        "plain": lambda x: F.layer_norm(x, [6]),
        "no rows": lambda x, w, b: F.layer_norm(x, [5], w, b),
    },
    "rmsNorm": {
        "weighted": lambda x, w: F.rms_norm(x, [5], w, eps=1e-5),
        "two axes": lambda x, w: F.rms_norm(x, [3, 7], w, eps=0.1),
        "plain": lambda x: F.rms_norm(x, [6], eps=1e-5),
        "no rows": lambda x, w: F.rms_norm(x, [5], w),
    },
    "groupNorm": {
        "pictures": lambda x, w, b: F.group_norm(x, 2, w, b),
        "rows": lambda x: F.group_norm(x, 2, eps=0.1),
        "one group": lambda x, w, b: F.group_norm(x, 1, w, b),
        "empty batch": lambda x, w, b: F.group_norm(x, 2, w, b),
    },
    "instanceNorm": {
        "sequences": F.instance_norm,
        "pictures": lambda x, w, b: F.instance_norm(x, weight=w, bias=b),
        # PyTorch refuses an empty batch here; a group for each channel is the same.
        "empty batch": lambda x: F.group_norm(x, 3),
    },
}
