"""JAX's side of the benchmark (see peer.py): the operations and two training steps, jitted.

Usage: jax_peer.py THREADS
"""

import os
import sys

threads = int(sys.argv[1])
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} intra_op_parallelism_threads={threads}"
# XLA sizes its pool by the cores that the process may use.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])

import jax
import jax.numpy as jnp

from peer import serve

workloads = {}
key = jax.random.key(0)


def operation(name, f, *shapes):
    def prepare():
        inputs = [jax.random.uniform(jax.random.fold_in(key, index), shape) for index, shape in enumerate(shapes)]
        compiled = jax.jit(f)
        return lambda: compiled(*inputs).block_until_ready()

    workloads[name] = prepare


ELEMENTWISE = {
    "exp": jnp.exp, "log": jnp.log, "sqrt": jnp.sqrt, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu,
    "gelu": lambda x: jax.nn.gelu(x, approximate=False), "silu": jax.nn.silu, "sin": jnp.sin, "erf": jax.lax.erf,
    "log1p": jnp.log1p,
}
REDUCTIONS = {"sum": jnp.sum, "mean": jnp.mean, "max": jnp.max, "argmax": jnp.argmax, "variance": jnp.var}

for count, label in [(16, "16"), (4_000_000, "4M"), (100, "1e2"), (10_000, "1e4"), (1_000_000, "1e6"), (10_000_000, "1e7")]:
    operation(f"add {label}", jnp.add, (count,), (count,))
    operation(f"multiply {label}", jnp.multiply, (count,), (count,))
    for name, f in (ELEMENTWISE | REDUCTIONS).items():
        operation(f"{name} {label}", f, (count,))

operation("softmax 4096×1024", lambda x: jax.nn.softmax(x, axis=1), (4096, 1024))
for n in [64, 128, 256, 512, 1024, 2048]:
    operation(f"matmul {n}", jnp.matmul, (n, n), (n, n))
for m, k, n in [(1, 768, 768), (16, 1024, 1024), (64, 4096, 256), (128, 784, 512), (333, 777, 555), (2048, 64, 2048)]:
    operation(f"matmul {m}×{k}×{n}", jnp.matmul, (m, k), (k, n))


def mlp_step(sizes, batch, activation):
    """A step of Adam, all in one compiled function."""
    parameters = [
        (jax.random.uniform(jax.random.fold_in(key, a * b), (a, b)) / a**0.5, jnp.zeros(b)) for a, b in zip(sizes, sizes[1:])]
    state = (parameters, jax.tree.map(jnp.zeros_like, parameters), jax.tree.map(jnp.zeros_like, parameters), jnp.zeros(()))
    x = jax.random.uniform(key, (batch, sizes[0]))
    y = jax.random.randint(key, (batch,), 0, sizes[-1])

    def loss(parameters):
        h = x
        for index, (w, b) in enumerate(parameters):
            h = h @ w + b
            if index < len(parameters) - 1:
                h = activation(h)
        return -jnp.mean(jax.nn.log_softmax(h)[jnp.arange(batch), y])

    @jax.jit
    def step(state):
        p, m, v, t = state
        t = t + 1
        g = jax.grad(loss)(p)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        p = jax.tree.map(
            lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), p, m, v)
        return p, m, v, t

    def work():
        nonlocal state
        state = step(state)
        jax.block_until_ready(state)

    return work


workloads["MLP 784-512-256-10, batch 128, Adam"] = lambda: mlp_step([784, 512, 256, 10], 128, jax.nn.relu)
workloads["MLP 4-64-64-2 tanh, batch 32, Adam"] = lambda: mlp_step([4, 64, 64, 2], 32, jnp.tanh)

serve(f"JAX {jax.__version__}, jitted", workloads)
