"""PyTorch's side of `glassbox train text`: nanoGPT's configuration for CPUs (Karpathy, 2022, README: "I only have a macbook").

The network, its start, the batches and the recipe are nanoGPT's; the code is the plainest that does the same. It prints a line of JSON
when all iterations are done, and one at the end. The loss is that of the whole validation text, in windows of the context.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

from training import load_glassbox, tell

START = time.perf_counter()
RECIPE = dict(
    blocks=4, heads=4, width=128, maximum_length=64, batch_size=12, iterations=2000, warm_up=100, learning_rate=1e-3,
    lowest_learning_rate=1e-4, beta2=0.99, weight_decay=0.1, clipping=1.0)


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.layer_norm(x, self.weight.shape, self.weight)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.c_attn = nn.Linear(width, 3 * width, bias=False)
        self.c_proj = nn.Linear(width, width, bias=False)
        self.heads = heads

    def forward(self, x):
        batch, length, width = x.shape
        parts = (part.view(batch, length, self.heads, -1).transpose(1, 2) for part in self.c_attn(x).split(width, dim=2))
        y = F.scaled_dot_product_attention(*parts, is_causal=True)
        return self.c_proj(y.transpose(1, 2).reshape(batch, length, width))


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = nn.Linear(width, 4 * width, bias=False)
        self.c_proj = nn.Linear(4 * width, width, bias=False)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.attn = Norm(width), Attention(width, heads)
        self.ln_2, self.mlp = Norm(width), FeedForward(width)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    """Without biases and dropout; the table of tokens is the last map's weight."""

    def __init__(self, vocabulary, context, blocks, heads, width):
        super().__init__()
        self.transformer = nn.ModuleDict(dict(
            wte=nn.Embedding(vocabulary, width), wpe=nn.Embedding(context, width),
            h=nn.ModuleList(Block(width, heads) for _ in range(blocks)), ln_f=Norm(width)))
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02 / math.sqrt(2 * blocks) if name.endswith("c_proj.weight") else 0.02)

    def forward(self, tokens):
        parts = self.transformer
        x = parts.wte(tokens) + parts.wpe(torch.arange(tokens.shape[1]))
        for block in parts.h:
            x = block(x)
        return F.linear(parts.ln_f(x), parts.wte.weight)


def loss_of(model, tokens, following):
    return F.cross_entropy(model(tokens).flatten(0, 1), following.flatten())


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("file", type=Path)
    for name, value in RECIPE.items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    parser.add_argument("--config", type=Path, help="a Glassbox run's config.json, whose network is to be tested")
    parser.add_argument("--evaluate", type=Path, metavar="CHECKPOINT", help="only test the weights of a Glassbox run")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, help="a trial: instead of 2000 iterations, a hundred for each")
    parser.add_argument("--compile", action="store_true", help="through torch.compile")
    parser.add_argument("--save", type=Path, metavar="FILE", help="where the weights go at the end, as safetensors")
    options = parser.parse_args()
    if options.config and options.evaluate:
        settings = json.loads(options.config.read_text())["settings"]
        for name in ("blocks", "heads", "width", "maximum_length"):
            setattr(options, name, settings[name])
    if options.epochs:
        options.iterations = 100 * options.epochs
    options.recipe = {name: getattr(options, name) for name in RECIPE}
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    return options


def texts(file, by_frequency):
    """Training and validation as numbers of characters: in the alphabet's order as nanoGPT has them, or as Glassbox, the frequent first."""
    text = file.read_text(encoding="utf-8")
    alphabet = sorted(set(text))
    if by_frequency:
        alphabet.sort(key=lambda character: -text.count(character))
    numbers = {character: number for number, character in enumerate(alphabet)}
    tokens = torch.tensor([numbers[character] for character in text])
    limit = int(0.9 * len(tokens))
    return tokens[:limit], tokens[limit:], len(alphabet)


def rate(step, options):
    """nanoGPT's: up in a straight line, down along a cosine."""
    if step < options.warm_up:
        return options.learning_rate * (step + 1) / (options.warm_up + 1)
    share = (step - options.warm_up) / max(options.iterations - options.warm_up, 1)
    lowest = options.lowest_learning_rate
    return lowest + (1 + math.cos(math.pi * share)) / 2 * (options.learning_rate - lowest)


def train(model, tokens, options):
    parameters = list(model.parameters())
    groups = [
        {"params": [p for p in parameters if p.dim() >= 2], "weight_decay": options.weight_decay},
        {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=options.learning_rate, betas=(0.9, options.beta2), fused=True)
    forward = torch.compile(model) if options.compile else model
    context, loss_sum = options.maximum_length, 0.0
    for step in range(options.iterations):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, options)
        starts = torch.randint(len(tokens) - context, (options.batch_size,)).tolist()
        inputs = torch.stack([tokens[start:start + context] for start in starts])
        following = torch.stack([tokens[start + 1:start + 1 + context] for start in starts])
        loss = loss_of(forward, inputs, following)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, options.clipping)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss_sum += loss.item()
    return loss_sum / options.iterations


@torch.no_grad()
def validate(model, tokens, context):
    """The mean loss of whole windows behind one another."""
    count = (len(tokens) - 1) // context
    inputs, following = (tokens[offset:offset + count * context].view(count, context) for offset in (0, 1))
    losses = [loss_of(model, a, b).item() * a.numel() for a, b in zip(inputs.split(64), following.split(64))]
    return {"loss": sum(losses) / inputs.numel()}


def main():
    options = arguments()
    tokens, validation, vocabulary = texts(options.file, by_frequency=bool(options.evaluate))
    model = GPT(vocabulary, options.maximum_length, options.blocks, options.heads, options.width)
    if options.evaluate:
        load_glassbox(model, options.evaluate)
        figures = validate(model, validation, options.maximum_length)
    else:
        start = time.perf_counter()
        loss = train(model, tokens, options)
        seconds = time.perf_counter() - start
        figures = validate(model, validation, options.maximum_length)
        windows = options.iterations * options.batch_size
        tell(
            epoch=1, step=options.iterations, training_loss=loss, validation=figures, seconds=seconds,
            samples_per_second=windows / seconds, elapsed=time.perf_counter() - START)
        if options.save:
            save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, options.save)
    tell(result=figures, recalls={}, recipe=options.recipe, parameters=sum(p.numel() for p in model.parameters()))


if __name__ == "__main__":
    sys.exit(main())
