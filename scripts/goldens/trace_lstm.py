"""The losses of ten training steps of a character model, as PyTorch takes them, for the test in OptimizersTests.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/trace_lstm.safetensors; run it from anywhere:

    python scripts/goldens/trace_lstm.py

An embedding, two layers of LSTM, a linear layer, cross entropy over all places, Adam. Weights and data come from formulas that
both sides compute: the k-th weight of the model, in the order of its parameters, is sin(1.7·k + 0.3)/4; the character at
(time t, row b) of step s is (3·t + b·b + s) mod 11, and its label the next one. float64 and float32 hold the losses.
"""

import torch
import torch.nn.functional as F
from store import store
from torch import nn

STEPS, TIME, BATCH, CHARACTERS, EMBEDDED, HIDDEN = 10, 12, 6, 11, 8, 20


class CharacterModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(CHARACTERS, EMBEDDED)
        self.lstm = nn.LSTM(EMBEDDED, HIDDEN, num_layers=2)
        self.output = nn.Linear(HIDDEN, CHARACTERS)

    def forward(self, x):
        return self.output(self.lstm(self.embedding(x))[0])


def character(s, t, b):
    return (3 * t + b * b + s) % CHARACTERS


def trace(dtype):
    model = CharacterModel().to(dtype)
    k = 0
    with torch.no_grad():
        for parameter in model.parameters():
            positions = torch.arange(k, k + parameter.numel(), dtype=torch.float64)
            parameter.copy_((torch.sin(1.7 * positions + 0.3) / 4).reshape(parameter.shape))
            k += parameter.numel()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.03)
    losses = []
    for s in range(STEPS):
        text = torch.tensor([[character(s, t, b) for b in range(BATCH)] for t in range(TIME + 1)])
        optimizer.zero_grad()
        loss = F.cross_entropy(model(text[:-1]).reshape(-1, CHARACTERS), text[1:].reshape(-1))
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses)


if __name__ == "__main__":
    goldens = {"float64": trace(torch.float64), "float32": trace(torch.float32)}
    store(goldens, "trace_lstm")
