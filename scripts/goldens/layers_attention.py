"""Goldens for normalisation, embedding and attention layers: what PyTorch computes, for the tests in NeuralNetworksTests.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/layers_attention.safetensors; run it from anywhere:

    python scripts/goldens/layers_attention.py

A case is a group of tensors with one prefix: in.* (inputs), y (output), dy (the gradient sent back), in_gradient.* (the
floating inputs' gradients), state.* (the state dictionary before), after.* (what of it has changed after), gradient.* (the
parameters' gradients). Everything is in float64; float32.* is the same, y, in_gradient.*, gradient.* and after.*, of the
same layer and inputs in float32. Bool masks are Glassbox's, true where a query may attend: torch.nn's have them the other way round.
"""

import copy
import math

import torch
import torch.nn.functional as F
from layers import add, goldens, randomised, uniform
from store import store
from torch import nn
from torch.nn.utils import parametrizations


def case(name, module, call=None, *, train=True, **inputs):
    """`call` takes the module and the inputs by name; by default the one input x is passed on."""
    module = randomised(module.double())
    module.train(train)
    for key, tensor in module.state_dict().items():
        add(f"{name}.state.{key}", tensor)
    for key, x in inputs.items():
        add(f"{name}.in.{key}", x)
    call = call or (lambda m, x: m(x))
    single = copy.deepcopy(module).float()
    dy = evaluated(name, module, call, inputs)
    add(f"{name}.dy", dy)
    narrow = {key: x.float() if x.is_floating_point() else x for key, x in inputs.items()}
    evaluated(f"{name}.float32", single, call, narrow, dy.float())


def evaluated(name, module, call, inputs, dy=None):
    """What a module makes of its inputs and of the gradient sent back: the given one, or a random one. Returns that."""
    before = {key: tensor.clone() for key, tensor in module.state_dict().items()}
    inputs = {key: x.clone().requires_grad_(x.is_floating_point()) for key, x in inputs.items()}
    y = call(module, **inputs)
    dy = uniform(*y.shape) if dy is None else dy
    y.backward(dy)
    add(f"{name}.y", y)
    for key, x in inputs.items():
        if x.requires_grad:
            add(f"{name}.in_gradient.{key}", x.grad)
    for key, parameter in module.named_parameters():
        add(f"{name}.gradient.{key}", parameter.grad)
    for key, tensor in module.state_dict().items():
        if not torch.equal(tensor, before[key]):
            add(f"{name}.after.{key}", tensor)
    return dy


def causal(length):
    """torch.nn's mask: true where a query may not attend."""
    return ~torch.ones(length, length).tril().bool()


def normalisation():
    case("layer_norm", nn.LayerNorm(6), x=uniform(3, 6))
    case("layer_norm_axes", nn.LayerNorm([3, 4], eps=1e-3), x=uniform(2, 3, 4))
    case("layer_norm_no_bias", nn.LayerNorm(5, bias=False), x=uniform(2, 2, 5))
    case("layer_norm_plain", nn.LayerNorm(5, elementwise_affine=False), x=uniform(2, 5))
    case("rms_norm", nn.RMSNorm(6), x=uniform(3, 6))
    case("group_norm", nn.GroupNorm(2, 4), x=uniform(2, 4, 3, 3))
    case("instance_norm1d", nn.InstanceNorm1d(3), x=uniform(2, 3, 5))
    case("instance_norm2d", nn.InstanceNorm2d(3, affine=True), x=uniform(2, 3, 4, 3))
    case("weight_norm_linear", parametrizations.weight_norm(nn.Linear(4, 3)), x=uniform(5, 4))
    case("weight_norm_conv2d", parametrizations.weight_norm(nn.Conv2d(2, 3, 3, padding=1), dim=0), x=uniform(1, 2, 4, 4))
    case("spectral_norm_linear", parametrizations.spectral_norm(nn.Linear(4, 3).double()), x=uniform(5, 4))
    case("spectral_norm_conv2d", parametrizations.spectral_norm(nn.Conv2d(2, 3, 2).double(), n_power_iterations=3), x=uniform(1, 2, 4, 4))
    case("spectral_norm_evaluation", parametrizations.spectral_norm(nn.Linear(4, 3).double()), train=False, x=uniform(5, 4))


def embeddings():
    ids = torch.tensor([[1, 0, 3], [4, 1, 1]])
    case("embedding", nn.Embedding(5, 3), x=ids)
    case("embedding_padding", nn.Embedding(5, 3, padding_idx=1), x=ids)
    for mode in ["sum", "mean", "max"]:
        case(f"embedding_bag_{mode}", nn.EmbeddingBag(5, 3, mode=mode), x=ids)
    case("embedding_bag_padding", nn.EmbeddingBag(5, 3, padding_idx=1), x=ids)
    case(
        "embedding_bag_offsets", nn.EmbeddingBag(5, 3, mode="sum"),
        lambda m, x, offsets, weights: m(x, offsets, per_sample_weights=weights),
        x=ids.flatten(), offsets=torch.tensor([0, 2, 2]), weights=uniform(6))


class Sinusoidal(nn.Module):
    def forward(self, x):
        _, length, width = x.shape
        position = torch.arange(length).double()[:, None]
        rate = torch.exp(torch.arange(0, width, 2).double() * (-math.log(10000.0) / width))
        wave = torch.zeros(length, width).double()
        wave[:, 0::2] = torch.sin(position * rate)
        wave[:, 1::2] = torch.cos(position * rate)
        return x + wave.to(x.dtype)


class Learned(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(6, 4))

    def forward(self, x):
        return x + self.weight[: x.shape[1]]


def attention():
    def multihead(**options):
        return nn.MultiheadAttention(8, 2, batch_first=True, **options)

    padding = torch.tensor([[True, True, True, False], [True, True, False, False]])
    case(
        "multihead_causal", multihead(), lambda m, x: m(x, x, x, attn_mask=causal(4), need_weights=False)[0], x=uniform(2, 4, 8))
    case(
        "multihead_padding", multihead(bias=False),
        lambda m, x, mask: m(x, x, x, key_padding_mask=~mask, need_weights=False)[0], x=uniform(2, 4, 8), mask=padding)
    case(
        "multihead_cross", multihead(), lambda m, q, k, v, mask: m(q, k, v, attn_mask=mask, need_weights=False)[0],
        q=uniform(2, 3, 8), k=uniform(2, 4, 8), v=uniform(2, 4, 8), mask=uniform(3, 4))
    case(
        "multihead_widths", multihead(kdim=5, vdim=6), lambda m, q, k, v: m(q, k, v, need_weights=False)[0],
        q=uniform(2, 3, 8), k=uniform(2, 4, 5), v=uniform(2, 4, 6))
    case(
        "multihead_weights", multihead(), lambda m, q, k: m(q, k, k, average_attn_weights=False)[1] + 0 * m(q, k, k)[0].sum(),
        q=uniform(2, 3, 8), k=uniform(2, 4, 8))

    def encoder(**options):
        return nn.TransformerEncoderLayer(8, 2, 12, dropout=0.0, batch_first=True, **options)

    case(
        "encoder_layer", encoder(), lambda m, x, mask: m(x, src_key_padding_mask=~mask), x=uniform(2, 4, 8), mask=padding)
    case(
        "encoder_layer_norm_first", encoder(activation=F.gelu, norm_first=True, bias=False),
        lambda m, x: m(x, src_mask=causal(4)), x=uniform(2, 4, 8))
    case(
        "encoder", nn.TransformerEncoder(encoder(norm_first=True), 2, nn.LayerNorm(8), enable_nested_tensor=False), x=uniform(2, 3, 8))

    def decoder(**options):
        return nn.TransformerDecoderLayer(8, 2, 12, dropout=0.0, batch_first=True, **options)

    case(
        "decoder_layer", decoder(), lambda m, x, memory, mask: m(x, memory, tgt_mask=causal(3), memory_key_padding_mask=~mask),
        x=uniform(2, 3, 8), memory=uniform(2, 4, 8), mask=padding)
    case(
        "decoder", nn.TransformerDecoder(decoder(norm_first=True, activation=F.gelu), 2, nn.LayerNorm(8)),
        lambda m, x, memory: m(x, memory), x=uniform(1, 3, 8), memory=uniform(1, 4, 8))
    case("sinusoidal", Sinusoidal(), x=uniform(2, 5, 6))
    case("learned", Learned(), x=uniform(2, 5, 4))


if __name__ == "__main__":
    torch.manual_seed(17)
    for write in [normalisation, embeddings, attention]:
        write()
    store(goldens, "layers_attention")
