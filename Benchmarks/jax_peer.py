"""JAX's side of the benchmark (see peer.py): the networks of jax_networks.py and the operations, jitted.

Usage: jax_peer.py THREADS
"""

import os
import sys
from functools import partial

threads = int(sys.argv[1])
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} intra_op_parallelism_threads={threads}"
# XLA sizes its pool by the cores that the process may use.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])

import jax
import jax.numpy as jnp

import jax_networks as networks
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

for count, label in [(16, "16"), (100, "1e2"), (10_000, "1e4"), (1_000_000, "1e6"), (4_000_000, "4M"), (10_000_000, "1e7")]:
    operation(f"add {label}", jnp.add, (count,), (count,))
    operation(f"multiply {label}", jnp.multiply, (count,), (count,))
    for name, f in (ELEMENTWISE | REDUCTIONS).items():
        operation(f"{name} {label}", f, (count,))

operation("softmax 4096×1024", lambda x: jax.nn.softmax(x, axis=1), (4096, 1024))
for n in [64, 128, 256, 512, 1024, 2048]:
    operation(f"matmul {n}", jnp.matmul, (n, n), (n, n))
for m, k, n in [(1, 768, 768), (16, 1024, 1024), (64, 4096, 256), (128, 784, 512), (333, 777, 555), (2048, 64, 2048)]:
    operation(f"matmul {m}×{k}×{n}", jnp.matmul, (m, k), (k, n))

operation(
    "layer norm 4096×1024", lambda x, weight, bias: networks.layer_norm(weight, x) + bias, (4096, 1024), (1024,), (1024,))
for length in [128, 512, 2048]:
    operation(
        f"causal attention, 8 heads of 64, length {length}", partial(jax.nn.dot_product_attention, is_causal=True),
        *[(1, length, 8, 64)] * 3)
for channels, filters, size, kernel, stride in [
    (3, 64, 224, 7, 2), (64, 64, 56, 3, 1), (64, 128, 56, 3, 2), (64, 128, 56, 1, 2), (128, 128, 28, 3, 1), (256, 256, 14, 3, 1),
    (512, 512, 7, 3, 1),
]:
    operation(
        f"conv {channels}→{filters}, {kernel}×{kernel}/{stride}, {size}×{size}",
        partial(networks.conv, stride=stride, padding=kernel // 2), (8, size, size, channels), (kernel, kernel, channels, filters))

serve(f"JAX {jax.__version__}, jitted", networks.workloads | workloads)
