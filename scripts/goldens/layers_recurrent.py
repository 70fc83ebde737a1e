"""Goldens for the recurrent layers and cells: what PyTorch computes, for the tests in NeuralNetworksTests.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/layers_recurrent.safetensors; run it from anywhere:

    python scripts/goldens/layers_recurrent.py

A case is a group of tensors with one prefix: x, the initial states state.0, state.1 (if they are given), the outputs y and the
final states final.0, final.1; what is sent back to them, dy and dfinal.*; the gradients dx, dstate.* and gradient.*; and the
parameters parameter.*. Everything is in float64; float32.* is the same, results and gradients, in float32. With lengths, PyTorch computes on packed sequences.
"""

import copy

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from layers import add, goldens, randomised, uniform
from store import store

TIME, BATCH, INPUTS, HIDDEN = 5, 3, 2, 4


def tuple_of(states):
    return states if isinstance(states, tuple) else (states,)


def case(name, module, x, states, run):
    """run(module, x, states) gives the outputs, none for a cell, and the final states. Adds these and all gradients in both dtypes."""
    single = copy.deepcopy(module).float()
    add(f"{name}.x", x)
    for index, state in enumerate(states):
        add(f"{name}.state.{index}", state)
    for key, parameter in module.named_parameters():
        add(f"{name}.parameter.{key}", parameter)
    sent = evaluated(name, module, x, states, run)
    for key, dy in sent.items():
        add(f"{name}.d{key}", dy)
    narrow = {key: dy.float() for key, dy in sent.items()}
    evaluated(f"{name}.float32", single, x.float(), [state.float() for state in states], run, narrow)


def evaluated(name, module, x, states, run, sent=None):
    """Adds what a module makes of its input, states and the gradients sent back: given ones, or random ones. Returns those."""
    x = x.clone().requires_grad_()
    states = [state.clone().requires_grad_() for state in states]
    outputs, final = run(module, x, states)
    results = {f"final.{index}": state for index, state in enumerate(final)}
    if outputs is not None:
        results = {"y": outputs, **results}
    sent = sent or {key: uniform(*y.shape) for key, y in results.items()}
    torch.autograd.backward(list(results.values()), list(sent.values()))
    for key, y in results.items():
        add(f"{name}.{key}", y)
    add(f"{name}.dx", x.grad)
    for index, state in enumerate(states):
        add(f"{name}.dstate.{index}", state.grad)
    for key, parameter in module.named_parameters():
        add(f"{name}.gradient.{key}", parameter.grad)
    return sent


def start(states):
    """The initial states as PyTorch's modules take them."""
    return None if not states else tuple(states) if len(states) > 1 else states[0]


def unbatched_case(name, module, x, *states):
    """One sequence, or one step, without a batch."""
    def run(module, x, states):
        y = module(x, start(states))
        return (None, tuple_of(y)) if isinstance(module, nn.RNNCellBase) else (y[0], tuple_of(y[1]))

    case(name, randomised(module.double()), x, states, run)


def sequence_case(name, module, lengths=None, given=False):
    module = randomised(module.double())
    first, second = (BATCH, TIME) if module.batch_first else (TIME, BATCH)
    count = module.num_layers * (2 if module.bidirectional else 1)
    kinds = 2 if isinstance(module, nn.LSTM) else 1
    sizes = [module.proj_size or HIDDEN, HIDDEN][: kinds if given else 0]

    def run(module, x, states):
        if lengths is not None:
            x = pack_padded_sequence(x, lengths, batch_first=module.batch_first, enforce_sorted=False)
        y, final = module(x, start(states))
        if lengths is not None:
            y = pad_packed_sequence(y, batch_first=module.batch_first, total_length=TIME)[0]
        return y, tuple_of(final)

    x = uniform(first, second, INPUTS)
    case(name, module, x, [uniform(count, BATCH, size, low=-1, high=1) for size in sizes], run)


def cell_case(name, module, given=True):
    module = randomised(module.double())
    kinds = 2 if isinstance(module, nn.LSTMCell) else 1
    x = uniform(BATCH, INPUTS)
    states = [uniform(BATCH, HIDDEN, low=-1, high=1) for _ in range(kinds if given else 0)]
    case(name, module, x, states, lambda module, x, states: (None, tuple_of(module(x, start(states)))))


def layers_recurrent():
    kinds = {
        "lstm": nn.LSTM,
        "gru": nn.GRU,
        "rnn": nn.RNN,
        "rnn_relu": lambda *sizes, **options: nn.RNN(*sizes, nonlinearity="relu", **options),
    }
    lengths = [4, 5, 1]
    for name, make in kinds.items():
        sizes = (INPUTS, HIDDEN)
        sequence_case(f"{name}", make(*sizes))
        sequence_case(f"{name}_state", make(*sizes), given=True)
        sequence_case(f"{name}_no_bias", make(*sizes, bias=False))
        sequence_case(f"{name}_stacked", make(*sizes, num_layers=3), given=True)
        sequence_case(f"{name}_bidirectional", make(*sizes, bidirectional=True), given=True)
        sequence_case(f"{name}_lengths", make(*sizes, batch_first=True), lengths=lengths, given=True)
        sequence_case(
            f"{name}_everything", make(*sizes, num_layers=2, bidirectional=True, batch_first=True), lengths=lengths,
            given=True)
    for name, make in [("lstm_cell", nn.LSTMCell), ("gru_cell", nn.GRUCell), ("rnn_cell", nn.RNNCell)]:
        cell_case(name, make(INPUTS, HIDDEN))
        cell_case(f"{name}_zeros", make(INPUTS, HIDDEN, bias=False), given=False)
    cell_case("rnn_cell_relu", nn.RNNCell(INPUTS, HIDDEN, nonlinearity="relu"))


def layers_recurrent_more():
    """After the others, so that their numbers stay."""
    sizes = (INPUTS, HIDDEN)
    sequence_case("lstm_projected", nn.LSTM(*sizes, proj_size=3), given=True)
    sequence_case(
        "lstm_projected_everything",
        nn.LSTM(*sizes, proj_size=1, num_layers=2, bidirectional=True, batch_first=True), lengths=[4, 5, 1], given=True)
    for name, make, kinds in [("lstm", nn.LSTM, 2), ("gru", nn.GRU, 1), ("rnn", nn.RNN, 1)]:
        states = [uniform(4, HIDDEN, low=-1, high=1) for _ in range(kinds)]
        unbatched_case(
            f"{name}_unbatched", make(*sizes, num_layers=2, bidirectional=True, batch_first=True), uniform(TIME, INPUTS), *states)
        cell = getattr(nn, f"{name.upper()}Cell")(*sizes)
        unbatched_case(f"{name}_cell_unbatched", cell, uniform(INPUTS), *[state[0].detach().clone() for state in states])


if __name__ == "__main__":
    torch.manual_seed(13)
    layers_recurrent()
    layers_recurrent_more()
    store(goldens, "layers_recurrent")
