"""The networks of Sources/glassbox-bench and pytorch.py in plain jax.numpy and lax; a whole training step is one compiled function.

Pictures are [batch, height, width, channels], as XLA has them on CPUs. `workloads` maps a name to a function that builds the work;
each work's `parameters` holds how many numbers it trains.
"""

from functools import partial
from itertools import count

import jax
import jax.numpy as jnp
from jax import lax

workloads = {}
seeds = count()


def workload(name, *arguments):
    def register(prepare):
        workloads[name] = lambda: prepare(*arguments)
        return prepare

    return register


def size(tree):
    return sum(leaf.size for leaf in jax.tree.leaves(tree))


# Data and initial weights.
def uniform(*shape, low=0.0, high=1.0):
    return jax.random.uniform(jax.random.key(next(seeds)), shape, minval=low, maxval=high)


def integers(below, *shape):
    return jax.random.randint(jax.random.key(next(seeds)), shape, 0, below)


def weight(*shape, fan_in=None):
    bound = (fan_in or shape[0]) ** -0.5
    return uniform(*shape, low=-bound, high=bound)


def filters(size, inputs, outputs):
    return weight(size, size, inputs, outputs, fan_in=size * size * inputs)


# Layers: functions of parameters and input.
def linear(inputs, outputs):
    return {"weight": weight(inputs, outputs), "bias": weight(outputs, fan_in=inputs)}


def apply_linear(p, x):
    return x @ p["weight"] + p["bias"]


def conv(x, w, stride=1, padding=0):
    return lax.conv_general_dilated(x, w, (stride, stride), [(padding, padding)] * 2, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def conv_transpose(x, w, stride=1, padding=0):
    around = w.shape[0] - 1 - padding
    return lax.conv_transpose(x, w, (stride, stride), [(around, around)] * 2, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def max_pool(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def norm(channels):
    return {"weight": jnp.ones(channels), "bias": jnp.zeros(channels)}


def running(channels):
    return {"mean": jnp.zeros(channels), "variance": jnp.ones(channels)}


def batch_norm(p, statistics, x):
    """The normalised batch, and the running statistics moved a tenth of the way to the batch's."""
    mean, variance = jnp.mean(x, (0, 1, 2)), jnp.var(x, (0, 1, 2))
    count = x.size // x.shape[-1]
    moved = {
        "mean": 0.9 * statistics["mean"] + 0.1 * mean,
        "variance": 0.9 * statistics["variance"] + 0.1 * variance * (count / (count - 1))}
    return (x - mean) * (lax.rsqrt(variance + 1e-5) * p["weight"]) + p["bias"], moved


def layer_norm(weight, x):
    mean, variance = jnp.mean(x, -1, keepdims=True), jnp.var(x, -1, keepdims=True)
    return (x - mean) * lax.rsqrt(variance + 1e-5) * weight


def cross_entropy(logits, labels):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[..., None], -1))


def binary_cross_entropy(logits, target, reduce=jnp.mean):
    return reduce(jnp.maximum(logits, 0) - logits * target + jnp.log1p(jnp.exp(-jnp.abs(logits))))


# Optimisers: a pair of the initial state's function and the update's.
def sgd(learning_rate, momentum=0.9, weight_decay=0.0):
    def update(p, g, velocity, step):
        velocity = jax.tree.map(lambda v, g, p: momentum * v + g + weight_decay * p, velocity, g, p)
        return jax.tree.map(lambda p, v: p - learning_rate * v, p, velocity), velocity

    return partial(jax.tree.map, jnp.zeros_like), update


def adam(learning_rate=1e-3, weight_decay=0.0):
    """Adam, or AdamW with a weight decay."""

    def update(p, g, state, step):
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, state[0], g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, state[1], g)

        def moved(p, m, v):
            change = (m / (1 - 0.9**step)) / (jnp.sqrt(v / (1 - 0.999**step)) + 1e-8)
            return p * (1 - learning_rate * weight_decay) - learning_rate * change

        return jax.tree.map(moved, p, m, v), (m, v)

    return lambda p: (jax.tree.map(jnp.zeros_like, p), jax.tree.map(jnp.zeros_like, p)), update


def repeated(step, state, parameters, *batch):
    """The work that goes on from state to state; a state's memory becomes the next one's."""
    compiled = jax.jit(step, donate_argnums=0)

    def work():
        nonlocal state
        state = compiled(state, *batch)
        jax.block_until_ready(state)

    work.parameters = size(parameters)
    return work


def training(parameters, loss, optimizer, *batch, statistics=()):
    """Steps of `optimizer` on loss(parameters, statistics, key, *batch), which returns the moved statistics too."""
    initial, update = optimizer

    def step(state, *batch):
        p, slots, statistics, key, count = state
        key, draw = jax.random.split(key)
        g, statistics = jax.grad(loss, has_aux=True)(p, statistics, draw, *batch)
        p, slots = update(p, g, slots, count + 1.0)
        return p, slots, statistics, key, count + 1.0

    state = (parameters, initial(parameters), statistics, jax.random.key(0), jnp.zeros(()))
    return repeated(step, state, parameters, *batch)


def classifying(parameters, network, optimizer, x, y):
    return training(parameters, lambda p, s, key, x, y: (cross_entropy(network(p, x), y), s), optimizer, x, y)


# The networks.
def dense(sizes):
    return [linear(a, b) for a, b in zip(sizes, sizes[1:])]


def apply_dense(activation, p, x):
    for layer in p[:-1]:
        x = activation(apply_linear(layer, x))
    return apply_linear(p[-1], x)


@workload("MLP 784-512-256-10, batch 128, Adam")
def mlp():
    return classifying(dense([784, 512, 256, 10]), partial(apply_dense, jax.nn.relu), adam(), uniform(128, 784), integers(10, 128))


@workload("MLP 4-64-64-2 tanh, batch 32, Adam")
def small_mlp():
    return classifying(dense([4, 64, 64, 2]), partial(apply_dense, jnp.tanh), adam(), uniform(32, 4), integers(2, 32))


@workload("MLP 4-64-64-2 tanh, inference, batch 1")
def inference():
    parameters, single = dense([4, 64, 64, 2]), uniform(1, 4)
    network = jax.jit(partial(apply_dense, jnp.tanh))

    def work():
        network(parameters, single).block_until_ready()

    work.parameters = size(parameters)
    return work


@workload("LeNet, batch 128, SGD")
def lenet():
    parameters = {
        "conv1": filters(5, 1, 6), "bias1": jnp.zeros(6), "conv2": filters(5, 6, 16), "bias2": jnp.zeros(16),
        "dense": dense([400, 120, 84, 10])}

    def network(p, x):
        x = max_pool(jax.nn.relu(conv(x, p["conv1"], padding=2) + p["bias1"]))
        x = max_pool(jax.nn.relu(conv(x, p["conv2"]) + p["bias2"]))
        return apply_dense(jax.nn.relu, p["dense"], x.reshape(len(x), -1))

    return classifying(parameters, network, sgd(0.01), uniform(128, 28, 28, 1), integers(10, 128))


@workload("ResNet-20, 32×32, batch 128, SGD")
def resnet20():
    shapes = [(16, 16, 1)] * 3 + [(16, 32, 2)] + [(32, 32, 1)] * 2 + [(32, 64, 2)] + [(64, 64, 1)] * 2
    parameters = {
        "conv": filters(3, 3, 16), "bn": norm(16), "output": linear(64, 10),
        "blocks": [
            {"conv1": filters(3, a, b), "bn1": norm(b), "conv2": filters(3, b, b), "bn2": norm(b)} for a, b, _ in shapes]}
    statistics = {"bn": running(16), "blocks": [{"bn1": running(b), "bn2": running(b)} for _, b, _ in shapes]}

    def block(p, s, x, stride):
        y, s1 = batch_norm(p["bn1"], s["bn1"], conv(x, p["conv1"], stride, 1))
        y, s2 = batch_norm(p["bn2"], s["bn2"], conv(jax.nn.relu(y), p["conv2"], 1, 1))
        half = (y.shape[-1] - x.shape[-1]) // 2
        shortcut = jnp.pad(x[:, ::stride, ::stride], [(0, 0)] * 3 + [(half, half)])
        return jax.nn.relu(shortcut + y), {"bn1": s1, "bn2": s2}

    def loss(p, s, key, x, y):
        x, first = batch_norm(p["bn"], s["bn"], conv(x, p["conv"], 1, 1))
        x, moved = jax.nn.relu(x), []
        for parameters, statistics, (_, _, stride) in zip(p["blocks"], s["blocks"], shapes):
            x, statistics = block(parameters, statistics, x, stride)
            moved.append(statistics)
        return cross_entropy(apply_linear(p["output"], x.mean((1, 2))), y), {"bn": first, "blocks": moved}

    optimizer = sgd(0.1, weight_decay=1e-4)
    return training(parameters, loss, optimizer, uniform(128, 32, 32, 3), integers(10, 128), statistics=statistics)


@workload("character LSTM 2×256, batch 64, length 64, Adam")
def character_lstm():
    def layer():
        # Two biases, as PyTorch has them.
        return {"input": linear(256, 4 * 256), "hidden": linear(256, 4 * 256)}

    parameters = {"embedding": weight(65, 256, fan_in=1), "lstm": [layer(), layer()], "output": linear(256, 65)}

    def lstm(p, x):
        """x is [time, batch, features]; all time steps' inputs are multiplied at once."""

        def cell(carried, projected):
            h, c = carried
            i, f, g, o = jnp.split(projected + apply_linear(p["hidden"], h), 4, axis=1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h

        zeros = jnp.zeros((x.shape[1], 256))
        return lax.scan(cell, (zeros, zeros), apply_linear(p["input"], x))[1]

    def network(p, x):
        h = p["embedding"][x.T]
        for layer in p["lstm"]:
            h = lstm(layer, h)
        return apply_linear(p["output"], h.swapaxes(0, 1))

    return classifying(parameters, network, adam(), integers(65, 64, 64), integers(65, 64, 64))


@workload("GPT 4×128, context 64, batch 12, AdamW", 4, 4, 128, 64, 12)
@workload("GPT 6×384, context 256, batch 8, AdamW", 6, 6, 384, 256, 8)
def gpt(layers, heads, width, context, batch):
    def block():
        return {
            "ln_1": jnp.ones(width), "c_attn": weight(width, 3 * width), "c_proj": weight(width, width), "ln_2": jnp.ones(width),
            "up": weight(width, 4 * width), "down": weight(4 * width, width)}

    parameters = {
        "wte": 0.02 * weight(65, width, fan_in=1), "wpe": 0.02 * weight(context, width, fan_in=1), "ln_f": jnp.ones(width),
        "h": [block() for _ in range(layers)]}

    def apply_block(p, x):
        def by_heads(part):
            return part.reshape(batch, context, heads, width // heads)

        q, k, v = map(by_heads, jnp.split(layer_norm(p["ln_1"], x) @ p["c_attn"], 3, axis=2))
        attended = jax.nn.dot_product_attention(q, k, v, is_causal=True)
        x = x + attended.reshape(x.shape) @ p["c_proj"]
        return x + jax.nn.gelu(layer_norm(p["ln_2"], x) @ p["up"], approximate=False) @ p["down"]

    def network(p, x):
        x = p["wte"][x] + p["wpe"]
        for one in p["h"]:
            x = apply_block(one, x)
        return layer_norm(p["ln_f"], x) @ p["wte"].T

    optimizer = adam(1e-3, weight_decay=0.01)
    return classifying(parameters, network, optimizer, integers(65, batch, context), integers(65, batch, context))


@workload("VAE 784-400-20, batch 128, Adam")
def vae():
    parameters = {
        "hidden": linear(784, 400), "mean": linear(400, 20), "log_variance": linear(400, 20), "decoder": dense([20, 400, 784])}

    def loss(p, s, key, x):
        h = jax.nn.relu(apply_linear(p["hidden"], x))
        mean, log_variance = apply_linear(p["mean"], h), apply_linear(p["log_variance"], h)
        z = mean + jnp.exp(0.5 * log_variance) * jax.random.normal(key, mean.shape)
        reconstruction = binary_cross_entropy(apply_dense(jax.nn.relu, p["decoder"], z), x, jnp.sum)
        divergence = -0.5 * jnp.sum(1 + log_variance - mean**2 - jnp.exp(log_variance))
        return (reconstruction + divergence) / len(x), s

    return training(parameters, loss, adam(), uniform(128, 784))


@workload("DCGAN 28×28, batch 64, Adam")
def dcgan():
    generator = {
        "conv1": filters(7, 64, 128), "bn1": norm(128), "conv2": filters(4, 128, 64), "bn2": norm(64), "conv3": filters(4, 64, 1)}
    discriminator = {
        "conv1": filters(4, 1, 64), "conv2": filters(4, 64, 128), "bn": norm(128), "output": linear(128 * 7 * 7, 1)}
    statistics = ({"bn1": running(128), "bn2": running(64)}, {"bn": running(128)})

    def generate(p, s, z):
        x, s1 = batch_norm(p["bn1"], s["bn1"], conv_transpose(z, p["conv1"]))
        x, s2 = batch_norm(p["bn2"], s["bn2"], conv_transpose(jax.nn.relu(x), p["conv2"], 2, 1))
        return jnp.tanh(conv_transpose(jax.nn.relu(x), p["conv3"], 2, 1)), {"bn1": s1, "bn2": s2}

    def judge(p, s, x):
        x = jax.nn.leaky_relu(conv(x, p["conv1"], 2, 1), 0.2)
        x, moved = batch_norm(p["bn"], s["bn"], conv(x, p["conv2"], 2, 1))
        return apply_linear(p["output"], jax.nn.leaky_relu(x, 0.2).reshape(len(x), -1)), {"bn": moved}

    initial, update = adam(2e-4)

    def step(state, real):
        (g, d), (g_slots, d_slots), (g_statistics, d_statistics), key, count = state
        key, draw = jax.random.split(key)
        count = count + 1.0
        fake, backward, g_statistics = jax.vjp(
            lambda g: generate(g, g_statistics, jax.random.normal(draw, (len(real), 1, 1, 64))), g, has_aux=True)

        def of_discriminator(d):
            on_real, moved = judge(d, d_statistics, real)
            on_fake, moved = judge(d, moved, fake)
            return binary_cross_entropy(on_real, 1.0) + binary_cross_entropy(on_fake, 0.0), moved

        def of_generator(fake):
            logits, moved = judge(d, d_statistics, fake)
            return binary_cross_entropy(logits, 1.0), moved

        gradients, d_statistics = jax.grad(of_discriminator, has_aux=True)(d)
        d, d_slots = update(d, gradients, d_slots, count)
        # The others compute the discriminator's gradients here too, and throw them away.
        gradient, d_statistics = jax.grad(of_generator, has_aux=True)(fake)
        g, g_slots = update(g, backward(gradient)[0], g_slots, count)
        return (g, d), (g_slots, d_slots), (g_statistics, d_statistics), key, count

    parameters = (generator, discriminator)
    state = (parameters, (initial(generator), initial(discriminator)), statistics, jax.random.key(0), jnp.zeros(()))
    return repeated(step, state, parameters, uniform(64, 28, 28, 1, low=-1.0))
