"""What PyTorch's autocast to bfloat16 on the CPU gives: the dtype, the values and the gradients of ops, and the losses of ten training
steps.

Needs torch 2.15 and safetensors 0.8. Writes Tests/Goldens/autocast.safetensors; run it from anywhere:

    python scripts/goldens/autocast.py

Inputs, weights and data are not stored: both sides make them by `wave` (see traces.py) and by `noise`.
"""

import math

import torch
import torch.nn.functional as F
from store import store
from traces import lenet, trace, wave


def noise(number, *shape):
    """Spread evenly over −1…1: the fraction of 43758.5453·sin(12.9898·k + 78.233·number), k counting the elements."""
    k = torch.arange(math.prod(shape), dtype=torch.float64)
    x = 43758.5453 * torch.sin(12.9898 * k + 78.233 * number)
    return (2 * (x - x.floor()) - 1).reshape(shape)


def start(model):
    """Weights uniform within ±√(3/fan-in), biases within ±0.1."""
    with torch.no_grad():
        for number, p in enumerate(model.parameters()):
            p.copy_(noise(number, *p.shape) * (math.sqrt(3 / p[0].numel()) if p.dim() > 1 else 0.1))
    return model


LABELS = torch.tensor([1, 0, 2, 1])
SIGNS = torch.tensor([1.0, -1.0, -1.0, 1.0])
LINEAR = [(4, 24), (3, 24), (3,)]


def lstm(x, w, u, b, c):
    zeros = torch.zeros(1, 2, 3)
    return torch.lstm(x, (zeros, zeros), [w, u, b, c], True, 1, 0.0, False, False, False)[0]


def rnn(x, w, u, b, c):
    return torch.rnn_tanh(x, torch.zeros(1, 2, 3), [w, u, b, c], True, 1, 0.0, False, False, False)[0]


def after_linear(f):
    """What follows a linear map, whose result is bfloat16: p is that, y another float32 tensor of the same shape."""
    return [*LINEAR, (4, 3)], lambda x, w, b, y: f(F.linear(x, w, b), y)


def bfloat16(shape, f, *others):
    """A function of a bfloat16 tensor, and others in float32."""
    return [shape, *others], lambda x, *rest: f(x.bfloat16(), *rest)


SQUARE = torch.eye(3) * 4
CASES = {
    # In bfloat16.
    "linear": (LINEAR, F.linear),
    "matmul": ([(2, 4, 24), (24, 5)], torch.matmul),
    "matmul of vectors": ([(24,), (24,)], torch.matmul),
    "large matmul": ([(48, 64), (64, 40)], torch.matmul),
    "einsum": ([(2, 2, 3, 8), (2, 2, 4, 8)], lambda a, b: torch.einsum("bhid,bhjd->bhij", a, b)),
    "conv1d": ([(2, 3, 9), (4, 3, 3), (4,)], F.conv1d),
    "conv2d": ([(2, 3, 5, 6), (4, 3, 3, 3), (4,)], F.conv2d),
    "conv3d": ([(1, 2, 4, 4, 4), (3, 2, 2, 2, 2), (3,)], F.conv3d),
    "convTranspose1d": ([(2, 3, 5), (3, 4, 3), (4,)], F.conv_transpose1d),
    "convTranspose2d": ([(2, 3, 4, 3), (3, 2, 3, 3), (2,)], F.conv_transpose2d),
    "convTranspose3d": ([(1, 2, 3, 3, 2), (2, 3, 2, 2, 2), (3,)], F.conv_transpose3d),
    "attention": ([(1, 2, 5, 8)] * 3, F.scaled_dot_product_attention),
    "attention with a mask": ([(1, 2, 5, 8)] * 3 + [(5, 5)], F.scaled_dot_product_attention),
    "prelu": ([(3, 5), (1,)], F.prelu),
    "lstm": ([(4, 2, 5), (12, 5), (12, 3), (12,), (12,)], lstm),
    "rnn": ([(4, 2, 5), (3, 5), (3, 3), (3,), (3,)], rnn),
    # As they come.
    "softmax": bfloat16((4, 5), lambda x: x.softmax(-1)),
    "gelu": bfloat16((4, 5), F.gelu),
    "sum": bfloat16((4, 5), lambda x: x.sum(0)),
    "maxPool2d": bfloat16((1, 2, 4, 4), lambda x: F.max_pool2d(x, 2)),
    "embedding": ([(5, 4)], lambda w: F.embedding(LABELS, w)),
    # In the dtype of their input.
    "layerNorm": bfloat16((4, 6), lambda x, w, b: F.layer_norm(x, [6], w, b), (6,), (6,)),
    "layerNorm of float32": ([(4, 6), (6,), (6,)], lambda x, w, b: F.layer_norm(x, [6], w, b)),
    "rmsNorm": bfloat16((4, 6), lambda x, w: F.rms_norm(x, [6], w, 1e-5), (6,)),
    "groupNorm": bfloat16((2, 4, 5), lambda x, w, b: F.group_norm(x, 2, w, b), (4,), (4,)),
    "instanceNorm": bfloat16((2, 4, 5), lambda x, w, b: F.instance_norm(x, weight=w, bias=b), (4,), (4,)),
    "batchNorm": bfloat16((6, 4), lambda x, w, b: F.batch_norm(x, None, None, w, b, True), (4,), (4,)),
    # The widest.
    "add": after_linear(lambda p, y: p + y),
    "multiply": after_linear(lambda p, y: y * p),
    "maximum": after_linear(torch.maximum),
    "where": after_linear(lambda p, y: torch.where(y > 0, p, y)),
    "concatenated": after_linear(lambda p, y: torch.cat([p, y])),
    "stacked": after_linear(lambda p, y: torch.stack([y, p])),
    "atan2": after_linear(torch.atan2),
    # In float32.
    "crossEntropy": after_linear(lambda p, y: F.cross_entropy(p, LABELS)),
    "crossEntropy of probabilities": after_linear(lambda p, y: F.cross_entropy(p, y.softmax(1))),
    "nllLoss": after_linear(lambda p, y: F.nll_loss(p, LABELS)),
    "mseLoss": after_linear(F.mse_loss),
    "l1Loss": after_linear(F.l1_loss),
    "smoothL1Loss": after_linear(F.smooth_l1_loss),
    "huberLoss": after_linear(F.huber_loss),
    "klDivergenceLoss": after_linear(lambda p, y: F.kl_div(p, y.exp())),
    "binaryCrossEntropyWithLogits": after_linear(lambda p, y: F.binary_cross_entropy_with_logits(p, y.sigmoid())),
    "poissonNLLLoss": after_linear(F.poisson_nll_loss),
    "softMarginLoss": after_linear(lambda p, y: F.soft_margin_loss(p, y.sign().detach())),
    "multilabelSoftMarginLoss": after_linear(lambda p, y: F.multilabel_soft_margin_loss(p, (y > 0).float())),
    "gaussianNLLLoss": after_linear(lambda p, y: F.gaussian_nll_loss(p, y, y.exp())),
    "cosineEmbeddingLoss": after_linear(lambda p, y: F.cosine_embedding_loss(p, y, SIGNS)),
    "tripletMarginLoss": after_linear(lambda p, y: F.triplet_margin_loss(p, y, -y)),
    "marginRankingLoss": after_linear(lambda p, y: F.margin_ranking_loss(p, y, y.sign().detach())),
    "hingeEmbeddingLoss": after_linear(lambda p, y: F.hinge_embedding_loss(p, y.sign().detach())),
    "multiMarginLoss": after_linear(lambda p, y: F.multi_margin_loss(p, LABELS)),
    "product": bfloat16((3, 4), lambda x: x.prod()),
    "gridSampled": bfloat16(
        (1, 2, 4, 4), lambda x, g: F.grid_sample(x, 0.7 * g, align_corners=False), (1, 3, 3, 2)),
    "averagePool3d": bfloat16((1, 2, 4, 4, 4), lambda x: F.avg_pool3d(x, 2)),
    "maxPool3d": bfloat16((1, 2, 4, 4, 4), lambda x: F.max_pool3d(x, 2)),
    "inverse": bfloat16((3, 3), lambda x: torch.linalg.inv(x + SQUARE.bfloat16())),
    "solve": bfloat16((3, 3), lambda x, b: torch.linalg.solve(x + SQUARE.bfloat16(), b), (3, 2)),
    "singularValues": bfloat16((3, 3), lambda x: torch.linalg.svdvals(x + SQUARE.bfloat16())),
    "rfft": bfloat16((3, 8), lambda x: torch.view_as_real(torch.fft.rfft(x))),
}


def main():
    goldens = {}
    for name, (shapes, f) in CASES.items():
        inputs = [wave(i, *shape).float().requires_grad_() for i, shape in enumerate(shapes, 1)]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            y = f(*inputs)
        (y.double() * wave(9, *y.shape)).sum().backward()
        goldens[f"{name}/output"] = y.detach().contiguous()
        for i, x in enumerate(inputs):
            if x.grad is not None:
                goldens[f"{name}/gradient {i}"] = x.grad.contiguous()

    def autocast(model):
        def forward(x):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                return model(x).float()
        return forward

    models = {
        "mlp": (torch.nn.Sequential(
            torch.nn.Linear(48, 64), torch.nn.ReLU(), torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 4)),
            noise(90, 32, 48), torch.arange(32) % 4, 0.001),
        "lenet": (lenet(), noise(91, 16, 1, 28, 28), torch.arange(16) % 10, 0.001),
    }
    for name, (model, x, labels, rate) in models.items():
        start(model)
        optimizer = torch.optim.Adam(model.parameters(), rate)
        goldens[f"{name}/losses"] = trace(autocast(model), optimizer, x.float(), labels)
        start(model)
        optimizer = torch.optim.Adam(model.parameters(), rate)
        goldens[f"{name}/losses in float32"] = trace(model, optimizer, x.float(), labels)
        pairs = zip(goldens[f"{name}/losses"].tolist(), goldens[f"{name}/losses in float32"].tolist())
        print(name, [(round(a, 5), round(b, 5)) for a, b in pairs])
    store(goldens, "autocast")


if __name__ == "__main__":
    main()
