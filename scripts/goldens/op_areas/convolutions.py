"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Convolutions: see scripts/goldens/ops.py."""

import torch.nn.functional as F

OPS = {
    "conv1d": {
        "plain": F.conv1d,
        "all options": lambda x, w: F.conv1d(x, w, stride=2, padding=2, dilation=2, groups=2),
        "empty batch": F.conv1d,
    },
    "conv3d": {
        "plain": F.conv3d,
        "all options": lambda x, w: F.conv3d(x, w, stride=(2, 1, 2), padding=(1, 1, 2), dilation=(2, 1, 1), groups=2),
        "empty batch": F.conv3d,
    },
    "convTranspose1d": {
        "plain": F.conv_transpose1d,
        "all options": lambda x, w: F.conv_transpose1d(x, w, stride=3, padding=1, output_padding=2, groups=2, dilation=2),
        "empty batch": F.conv_transpose1d,
    },
    "convTranspose2d": {
        "plain": F.conv_transpose2d,
        "stride": lambda x, w: F.conv_transpose2d(x, w, stride=(2, 3), padding=1, output_padding=(1, 2)),
        "groups and dilation": lambda x, w, b: F.conv_transpose2d(x, w, b, groups=2, dilation=2),
        "empty batch": F.conv_transpose2d,
    },
    "convTranspose3d": {
        "plain": F.conv_transpose3d,
        "all options": lambda x, w: F.conv_transpose3d(
            x, w, stride=(2, 1, 2), padding=(1, 1, 0), output_padding=(1, 0, 1), groups=2, dilation=(2, 1, 1)),
        "empty batch": F.conv_transpose3d,
    },
}
