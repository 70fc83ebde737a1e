"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Transforms: see scripts/goldens/ops.py."""

import torch
from torch import fft


def complex_of(x):
    return torch.view_as_complex(x.contiguous())


def real_of(x):
    return torch.view_as_real(x.resolve_conj())


def on_complex(f):
    """A function of complex tensors as one of pairs."""
    return lambda x: real_of(f(complex_of(x)))


def along(f):
    """The samples of fft and ifft."""
    return {
        "first axis": on_complex(lambda x: f(x, dim=0, norm="ortho")),
        "cut": on_complex(lambda x: f(x, n=3, norm="forward")),
        "filled": on_complex(lambda x: f(x, n=5)),
        "": on_complex(f),
    }


def pictures(f):
    return {"orthonormal": on_complex(lambda x: f(x, norm="ortho")), "": on_complex(f)}


def window_of(frame, x, window, options):
    """The window that is given, or one with a name, or none: ones."""
    if window is not None:
        return window
    make = options.pop("window", torch.ones)
    return make(frame, dtype=x.dtype)


def stft(frame, **options):
    def f(x, window=None):
        if len(x) == 0:
            y = torch.stft(torch.zeros(1, x.shape[-1], dtype=x.dtype), frame, return_complex=True, window=torch.ones(frame, dtype=x.dtype))
            return real_of(y)[:0] + x.sum()
        rest = dict(options)
        window = window_of(frame, x, window, rest)
        return real_of(torch.stft(x, frame, window=window, return_complex=True, **rest))

    return f


def istft(frame, **options):
    def f(x, window=None):
        if len(x) == 0:
            return torch.zeros(0, frame // 4 * (x.shape[-2] - 1), dtype=x.dtype) + x.sum()
        rest = dict(options)
        window = window_of(frame, x, window, rest)
        return torch.istft(complex_of(x), frame, window=window, **rest)

    return f


OPS = {
    "fft": along(fft.fft),
    "ifft": along(fft.ifft),
    "rfft": {
        "odd": lambda x: real_of(fft.rfft(x, norm="ortho")),
        "first axis": lambda x: real_of(fft.rfft(x, dim=0)),
        "filled": lambda x: real_of(fft.rfft(x, n=6, norm="forward")),
        "": lambda x: real_of(fft.rfft(x)),
    },
    "irfft": {
        "odd": lambda x: fft.irfft(complex_of(x), n=7, norm="ortho"),
        "one": lambda x: fft.irfft(complex_of(x), n=1),
        "first axis": lambda x: fft.irfft(complex_of(x), dim=0),
        "filled": lambda x: fft.irfft(complex_of(x), n=8, norm="forward"),
        "": lambda x: fft.irfft(complex_of(x)),
    },
    "fft2": pictures(fft.fft2),
    "ifft2": pictures(fft.ifft2),
    "rfft2": {"odd": lambda x: real_of(fft.rfft2(x, norm="ortho")), "": lambda x: real_of(fft.rfft2(x))},
    "irfft2": {
        "odd": lambda x: fft.irfft2(complex_of(x), s=(4, 5), norm="forward"),
        "": lambda x: fft.irfft2(complex_of(x)),
    },
    "stft": {
        "batch": stft(6, hop_length=2, window=torch.hamming_window),
        "odd without centre": stft(5, hop_length=3, center=False),
        "no sounds": stft(4),
        "": stft(8),
    },
    "istft": {
        "batch": istft(6, hop_length=2, window=torch.hann_window, length=8),
        "not centered": istft(4, center=False),
        "no sounds": istft(4),
        "": istft(8),
    },
}
