"""What PyTorch computes for the ops in Sources/TensorCore/Ops/Attention: see scripts/goldens/ops.py."""

import torch
import torch.nn.functional as F

attention = F.scaled_dot_product_attention


def bag(x, indices, weights=None, **options):
    return F.embedding_bag(indices, x, per_sample_weights=weights, **options)


def self_attention(x, heads, **options):
    batch, length, width = x.shape
    q, k, v = (part.reshape(batch, length, heads, width // 3 // heads).transpose(1, 2) for part in x.split(width // 3, dim=2))
    return attention(q, k, v, **options).transpose(1, 2).reshape(batch, length, width // 3)


def first(keys):
    return torch.arange(keys) < 1


def rotary(x, start=0, base=10000.0, halves=False):
    """Su et al.'s formula (34), of pairs of numbers as complex ones."""
    length, width = x.shape[-2:]
    angles = torch.outer(torch.arange(start, start + length).to(x), base ** (-torch.arange(0, width, 2).to(x) / width))
    cos, sin = angles.cos(), angles.sin()
    real, imaginary = (x[..., : width // 2], x[..., width // 2 :]) if halves else (x[..., ::2], x[..., 1::2])
    turned = [real * cos - imaginary * sin, real * sin + imaginary * cos]
    return torch.cat(turned, -1) if halves else torch.stack(turned, -1).flatten(-2)


OPS = {
    "embedding": {
        "padding elsewhere": lambda x, i: F.embedding(i, x, padding_idx=4),
        "": lambda x, i: F.embedding(i, x),
    },
    "embeddingBag": {
        "sum": lambda x, i: bag(x, i, mode="sum"),
        "weighted sum": lambda x, i, w: bag(x, i, w, mode="sum"),
        "mean with offsets": lambda x, i: bag(x, i, offsets=torch.tensor([0, 2, 2, 5])),
        "max": lambda x, i: bag(x, i, mode="max"),
        "max with offsets": lambda x, i: bag(x, i, offsets=torch.tensor([0, 1, 1]), mode="max"),
        "weights with offsets": lambda x, i, w: bag(x, i, w, offsets=torch.tensor([0, 2, 2, 5]), mode="sum"),
        "mean without padding": lambda x, i: bag(x, i, padding_idx=2),
        "no bags": lambda x, i: bag(x, i),
    },
    "scaledDotProductAttention": {
        "plain": attention,
        "causal with other values": lambda q, k, v: attention(q, k, v, is_causal=True),
        "causal with few keys": lambda q, k, v: attention(q, k, v, is_causal=True, scale=0.3),
        "grouped heads": lambda q, k, v: attention(q, k, v, enable_gqa=True),
        "bool mask": lambda q, k, v, m: attention(q, k, v, m | first(5)),
        "added mask with a gradient": lambda q, k, v, m: attention(q, k, v, m.expand(1, 2, 3, 5)),
        "fixed added mask": lambda q, k, v: attention(
            q, k, v, (torch.arange(5).to(q) * 0.25 - 0.5).masked_fill(~torch.ones(3, 5).tril().bool(), -torch.inf), scale=-0.5),
        "no queries": attention,
    },
    "selfAttention": {
        "causal": lambda x: self_attention(x, 2, is_causal=True),
        "bool mask": lambda x, m: self_attention(x, 3, attn_mask=m | first(4)),
        "empty": lambda x: self_attention(x, 2),
    },
    "rotaryEmbedding": {
        "neighbours": rotary,
        "halves": lambda x: rotary(x, start=5, base=100.0, halves=True),
        "no places": rotary,
    },
}
