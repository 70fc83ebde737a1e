"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Recurrent: see scripts/goldens/ops.py."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def backwards(x, lengths):
    """Each sequence [time, batch, ...] from its end to its beginning; what lies beyond stays."""
    columns = [torch.cat([x[:n, b].flip(0), x[n:, b]]) for b, n in enumerate(lengths)]
    return torch.stack(columns, 1) if columns else x


BIASED = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]


def run(make, states, *tensors, lengths=None, reversed=False, names=BIASED):
    """One direction of one layer, of PyTorch's module, on packed sequences where there are lengths."""
    x, initial, weights = tensors[0], tensors[1 : 1 + states], tensors[1 + states :]
    hidden = initial[0].shape[1]
    if x.shape[1] == 0:
        # PyTorch computes nothing for a batch of none.
        nothing = sum(w.sum() for w in tensors) * 0
        return [torch.zeros(x.shape[0], 0, hidden, dtype=x.dtype) + nothing] + [state + nothing for state in initial]
    module = make(x.shape[2], hidden, bias=len(weights) > 2).to(x.dtype)
    parameters = dict(zip(names, weights))
    sizes = lengths or [x.shape[0]] * x.shape[1]
    if reversed:
        x = backwards(x, sizes)
    packed = pack_padded_sequence(x, sizes, enforce_sorted=False)
    state = tuple(s.unsqueeze(0) for s in initial)
    y, final = functional_call(module, parameters, (packed, state if states > 1 else state[0]))
    y = pad_packed_sequence(y, total_length=x.shape[0])[0]
    if reversed:
        y = backwards(y, sizes)
    return [y] + [s.squeeze(0) for s in (final if states > 1 else [final])]


def samples(make, states, prefix=""):
    cases = {
        "plain": {},
        "no bias": {},
        "reversed": {"reversed": True},
        "lengths": {"lengths": [2, 4, 1]},
        "reversed with lengths": {"lengths": [2, 4, 1], "reversed": True},
        "one step": {},
        "no sequences": {},
    }
    return {prefix + name: lambda *x, o=options: run(make, states, *x, **o) for name, options in cases.items()}


def projected(*tensors, **options):
    def make(inputs, hidden, bias):
        return nn.LSTM(inputs, tensors[2].shape[1], proj_size=hidden, bias=False)

    return run(make, 2, *tensors, names=["weight_ih_l0", "weight_hh_l0", "weight_hr_l0"], **options)


def relu(*sizes, bias):
    return nn.RNN(*sizes, bias=bias, nonlinearity="relu")


def ctc(targets, inputs, lengths, **options):
    return lambda x: F.ctc_loss(
        x.log_softmax(2), torch.tensor(targets), torch.tensor(inputs), torch.tensor(lengths), **options)


OPS = {
    "lstm, projected": {
        "plain": projected,
        "reversed with lengths": lambda *x: projected(*x, lengths=[2, 4, 1], reversed=True),
        "no sequences": projected,
    },
    "ctcLoss": {
        "mean": ctc([[1, 2, 3], [2, 2, 0], [3, 0, 0]], [5, 4, 3], [3, 2, 1]),
        "sum": ctc([[1, 2], [2, 1]], [4, 4], [2, 2], reduction="sum"),
        "none": ctc([[1, 1], [2, 0], [0, 0]], [4, 2, 3], [2, 1, 0], reduction="none"),
        "impossible": ctc([[1, 1], [1, 2]], [2, 3], [2, 2], reduction="none", zero_infinity=True),
        "no sequences": lambda x: x.sum(),
    },
    "lstm": samples(nn.LSTM, 2),
    "gru": samples(nn.GRU, 1),
    "rnn": samples(nn.RNN, 1) | samples(relu, 1, "relu "),
}
