"""A golden trace: the losses of ten training steps of a small GPT, as PyTorch takes them, for the tests in ModelsTests.

Needs torch 2.15 and safetensors 0.8. Writes Tests/Goldens/trace_gpt.safetensors; run it from anywhere:

    python scripts/goldens/trace_gpt.py

The model is nanoGPT's (Karpathy, 2022): names, weights [outputs, inputs], GELU by the error function, the table of tokens as the last
map's weight. Nothing but the losses is stored, since both sides make weights and data from formulas: element i of the p-th
parameter, in the order of the state dictionary, is 0.1·sin(1.3·i + p), plus 1 for a normalisation's weight; and the token at
place j of sequence b in step s is (7·s + 3·b + j² + 5·j) mod 17, in integers. losses.float64 and losses.float32 are
the losses before each of the steps.
"""

import torch
import torch.nn.functional as F
from store import store
from torch import nn

LAYERS, HEADS, WIDTH, CONTEXT, VOCABULARY, BATCH, STEPS = 4, 4, 32, 16, 17, 3, 10


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_attn = nn.Linear(WIDTH, 3 * WIDTH)
        self.c_proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (part.view(batch, length, HEADS, -1).transpose(1, 2) for part in self.c_attn(x).split(width, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).reshape(batch, length, width))


class FeedForward(nn.Module):
    def __init__(self):
        super().__init__()
        self.c_fc = nn.Linear(WIDTH, 4 * WIDTH)
        self.c_proj = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1 = nn.LayerNorm(WIDTH)
        self.attn = Attention()
        self.ln_2 = nn.LayerNorm(WIDTH)
        self.mlp = FeedForward()

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.transformer = nn.ModuleDict(
            {
                "wte": nn.Embedding(VOCABULARY, WIDTH),
                "wpe": nn.Embedding(CONTEXT, WIDTH),
                "h": nn.ModuleList(Block() for _ in range(LAYERS)),
                "ln_f": nn.LayerNorm(WIDTH),
            }
        )
        self.lm_head = nn.Linear(WIDTH, VOCABULARY, bias=False)
        self.lm_head.weight = self.transformer.wte.weight

    def forward(self, tokens):
        t = self.transformer
        x = t.wte(tokens) + t.wpe(torch.arange(tokens.shape[1]))
        for block in t.h:
            x = block(x)
        return self.lm_head(t.ln_f(x))


def tokens(step):
    b = torch.arange(BATCH)[:, None]
    j = torch.arange(CONTEXT + 1)[None, :]
    return (7 * step + 3 * b + j * j + 5 * j) % VOCABULARY


def trace(dtype):
    model = GPT().to(dtype)
    with torch.no_grad():
        for p, (name, parameter) in enumerate(model.named_parameters()):
            i = torch.arange(parameter.numel(), dtype=torch.float64)
            value = 0.1 * torch.sin(1.3 * i + p) + (1 if ".ln_" in name and name.endswith("weight") else 0)
            parameter.copy_(value.reshape(parameter.shape))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0.1)
    losses = []
    for step in range(STEPS):
        data = tokens(step)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(data[:, :-1]).reshape(-1, VOCABULARY), data[:, 1:].reshape(-1))
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
    return torch.stack(losses)


if __name__ == "__main__":
    store({"losses.float64": trace(torch.float64), "losses.float32": trace(torch.float32)}, "trace_gpt")
