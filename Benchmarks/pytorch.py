"""PyTorch's side of the benchmark (see peer.py): the same work as Sources/glassbox-bench, eager or through torch.compile.

Usage: pytorch.py THREADS [--compile]
"""

import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

from peer import serve

torch.set_num_threads(int(sys.argv[1]))
compiled = "--compile" in sys.argv
torch.manual_seed(0)
workloads = {}


def workload(name):
    """Registers a function that builds what the work needs and returns the work."""

    def register(prepare):
        workloads[name] = prepare
        return prepare

    return register


def fast(f):
    """A model or a function as this peer runs it. Gradients and optimisers' steps are eager in both."""
    return torch.compile(f) if compiled else f


AUTOCAST = ", bfloat16 autocast"
autocast = torch.autocast("cpu", dtype=torch.bfloat16)


def in_both_precisions(name):
    """Registers a function of the forward pass's wrapper: none for float32, autocast for the row of that name."""

    def register(prepare):
        workloads[name] = lambda: prepare(lambda loss: loss)
        workloads[name + AUTOCAST] = lambda: prepare(autocast)
        return prepare

    return register


def step(model, optimizer, x, y, precision=lambda loss: loss):
    model = fast(model)
    loss = precision(lambda: F.cross_entropy(model(x), y))

    def work():
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()

    return work


def small_network():
    return nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 2))


# Training steps.
@in_both_precisions("MLP 784-512-256-10, batch 128, Adam")
def mlp(precision):
    model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))
    return step(model, torch.optim.Adam(model.parameters()), torch.rand(128, 784), torch.randint(0, 10, (128,)), precision)


@workload("MLP 4-64-64-2 tanh, batch 32, Adam")
def small_mlp():
    model = small_network()
    return step(model, torch.optim.Adam(model.parameters()), torch.rand(32, 4), torch.randint(0, 2, (32,)))


@workload("LeNet, batch 128, SGD")
def lenet():
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    return step(model, optimizer, torch.rand(128, 1, 28, 28), torch.randint(0, 10, (128,)))


@workload("MLP 4-64-64-2 tanh, inference, batch 1")
def inference():
    model, single = fast(small_network()), torch.rand(1, 4)

    def work():
        with torch.no_grad():
            return model(single)

    return work


# Larger networks.
class Block(nn.Module):
    """A residual block of He et al. (2016), shortcut option A."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.stride, self.widened = stride, filters - channels

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride > 1 or self.widened:
            half = self.widened // 2
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, half, self.widened - half))
        return F.relu(x + y)


@in_both_precisions("ResNet-20, 32×32, batch 128, SGD")
def resnet20(precision):
    def stage(channels, filters, stride):
        return [Block(channels, filters, stride), Block(filters, filters, 1), Block(filters, filters, 1)]

    model = nn.Sequential(
        nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), *stage(16, 16, 1), *stage(16, 32, 2),
        *stage(32, 64, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
    return step(model, optimizer, torch.rand(128, 3, 32, 32), torch.randint(0, 10, (128,)), precision)


class CharacterLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(65, 256)
        self.lstm = nn.LSTM(256, 256, 2, batch_first=True)
        self.output = nn.Linear(256, 65)

    def forward(self, x):
        return self.output(self.lstm(self.embedding(x))[0]).reshape(-1, 65)


@workload("character LSTM 2×256, batch 64, length 64, Adam")
def character_lstm():
    model = CharacterLSTM()
    return step(model, torch.optim.Adam(model.parameters()), torch.randint(0, 65, (64, 64)), torch.randint(0, 65, (64 * 64,)))


class GPTBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width, bias=False)
        self.c_attn = nn.Linear(width, 3 * width, bias=False)
        self.c_proj = nn.Linear(width, width, bias=False)
        self.ln_2 = nn.LayerNorm(width, bias=False)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width, bias=False), nn.GELU(), nn.Linear(4 * width, width, bias=False))
        self.heads = heads

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)
            for part in self.c_attn(self.ln_1(x)).split(width, dim=2))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.c_proj(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    def __init__(self, layers, heads, width, context):
        super().__init__()
        self.wte = nn.Embedding(65, width)
        self.wpe = nn.Embedding(context, width)
        self.h = nn.Sequential(*(GPTBlock(width, heads) for _ in range(layers)))
        self.ln_f = nn.LayerNorm(width, bias=False)
        self.lm_head = nn.Linear(width, 65, bias=False)
        self.lm_head.weight = self.wte.weight

    def forward(self, x):
        places = torch.arange(x.shape[1])
        return self.lm_head(self.ln_f(self.h(self.wte(x) + self.wpe(places)))).reshape(-1, 65)


def gpt(name, layers, heads, width, context, batch):
    @in_both_precisions(name)
    def prepare(precision):
        model = GPT(layers, heads, width, context)
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
        x, y = torch.randint(0, 65, (batch, context)), torch.randint(0, 65, (batch * context,))
        return step(model, optimizer, x, y, precision)


gpt("GPT 4×128, context 64, batch 12, AdamW", 4, 4, 128, 64, 12)
gpt("GPT 6×384, context 256, batch 8, AdamW", 6, 6, 384, 256, 8)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 400)
        self.mean = nn.Linear(400, 20)
        self.log_variance = nn.Linear(400, 20)
        self.decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))

    def forward(self, x):
        h = F.relu(self.hidden(x))
        mean, log_variance = self.mean(h), self.log_variance(h)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        reconstruction = F.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="sum")
        return (reconstruction - 0.5 * torch.sum(1 + log_variance - mean**2 - log_variance.exp())) / len(x)


@workload("VAE 784-400-20, batch 128, Adam")
def vae():
    model = VAE()
    optimizer = torch.optim.Adam(model.parameters())
    loss, x = fast(model), torch.rand(128, 784)

    def work():
        optimizer.zero_grad()
        loss(x).backward()
        optimizer.step()

    return work


@workload("DCGAN 28×28, batch 64, Adam")
def dcgan():
    generator = nn.Sequential(
        nn.ConvTranspose2d(64, 128, 7, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, 2, 1, bias=False), nn.Tanh())
    discriminator = nn.Sequential(
        nn.Conv2d(1, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2), nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128),
        nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(128 * 7 * 7, 1))
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=2e-4)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=2e-4)
    g, d = fast(generator), fast(discriminator)
    real, ones, zeros = torch.rand(64, 1, 28, 28) * 2 - 1, torch.ones(64, 1), torch.zeros(64, 1)
    bce = F.binary_cross_entropy_with_logits

    def work():
        fake = g(torch.randn(64, 64, 1, 1))
        d_optimizer.zero_grad()
        (bce(d(real), ones) + bce(d(fake.detach()), zeros)).backward()
        d_optimizer.step()
        g_optimizer.zero_grad()
        bce(d(fake), ones).backward()
        g_optimizer.step()

    return work


# Operations: a function of inputs that are drawn once.
def operation(name, f, *shapes):
    @workload(name)
    def prepare():
        inputs = [torch.rand(*shape) for shape in shapes]
        g = fast(f)
        return lambda: g(*inputs)


ELEMENTWISE = {
    "exp": torch.exp, "log": torch.log, "sqrt": torch.sqrt, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu,
    "gelu": F.gelu, "silu": F.silu, "sin": torch.sin, "erf": torch.erf, "log1p": torch.log1p,
}
REDUCTIONS = {"sum": torch.sum, "mean": torch.mean, "max": torch.max, "argmax": torch.argmax, "variance": torch.var}

for count, label in [(16, "16"), (100, "1e2"), (10_000, "1e4"), (1_000_000, "1e6"), (4_000_000, "4M"), (10_000_000, "1e7")]:
    operation(f"add {label}", torch.add, (count,), (count,))
    operation(f"multiply {label}", torch.mul, (count,), (count,))
    for name, f in (ELEMENTWISE | REDUCTIONS).items():
        operation(f"{name} {label}", f, (count,))


@workload("add 16, recorded")
def recorded_add():
    a, b = torch.rand(16, requires_grad=True), torch.rand(16)
    return lambda: a + b


operation("softmax 4096×1024", lambda x: x.softmax(1), (4096, 1024))
operation(
    "layer norm 4096×1024", lambda x, weight, bias: F.layer_norm(x, (1024,), weight, bias), (4096, 1024), (1024,), (1024,))

for n in [64, 128, 256, 512, 1024, 2048]:
    operation(f"matmul {n}", torch.matmul, (n, n), (n, n))
for m, k, n in [(1, 768, 768), (16, 1024, 1024), (64, 4096, 256), (128, 784, 512), (333, 777, 555), (2048, 64, 2048)]:
    operation(f"matmul {m}×{k}×{n}", torch.matmul, (m, k), (k, n))


def convolution(channels, filters, size, kernel, stride):
    operation(
        f"conv {channels}→{filters}, {kernel}×{kernel}/{stride}, {size}×{size}",
        lambda x, w: F.conv2d(x, w, stride=stride, padding=kernel // 2), (8, channels, size, size),
        (filters, channels, kernel, kernel))


for shape in [
    (3, 64, 224, 7, 2), (64, 64, 56, 3, 1), (64, 128, 56, 3, 2), (64, 128, 56, 1, 2), (128, 128, 28, 3, 1), (256, 256, 14, 3, 1),
    (512, 512, 7, 3, 1),
]:
    convolution(*shape)


@workload("embedding gradient, 4096 of 10000×256")
def embedding_gradient():
    table = torch.rand(10_000, 256, requires_grad=True)
    ids, seed = torch.randint(0, 10_000, (4096,)), torch.ones(4096, 256)
    return lambda: torch.autograd.grad(F.embedding(ids, table), table, seed)


for length in [128, 512, 2048]:
    operation(
        f"causal attention, 8 heads of 64, length {length}",
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True), *[(1, 8, length, 64)] * 3)

# Compiling each single op would take minutes and say little: torch.compile is for whole networks.
if compiled:
    workloads = {name: prepare for name, prepare in workloads.items() if "batch" in name}
serve(f"PyTorch {torch.__version__}, {'torch.compile' if compiled else 'eager'}", workloads)
