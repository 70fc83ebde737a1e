"""Goldens for the losses beyond those of layers.py: what PyTorch computes, for the tests in NeuralNetworksTests.

Needs torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/losses_more.safetensors; run it from anywhere:

    python scripts/goldens/losses_more.py

A case is a group of tensors with one prefix: the inputs 0, 1, …; constants of the case (labels, weight); and for each reduction
its value and the inputs' gradients, called "mean", "mean.gradient.0" and so on. Losses that PyTorch does not have (contrastive,
InfoNCE, focal) are written in its ops from their formula. Everything is in float64.
"""

import math

import torch
import torch.nn.functional as F

from layers import add, goldens, uniform
from store import store

REDUCTIONS = {"mean": torch.mean, "sum": torch.sum, "none": lambda x: x}


def case(name, loss, *inputs, reductions=("mean", "sum", "none"), **constants):
    """loss(*inputs, reduction=…); what PyTorch does not differentiate gets no gradient."""
    for key, tensor in constants.items():
        add(f"{name}.{key}", tensor)
    for index, x in enumerate(inputs):
        add(f"{name}.{index}", x)
    for reduction in reductions:
        leaves = [x.clone().requires_grad_(x.is_floating_point()) for x in inputs]
        value = loss(*leaves, reduction=reduction)
        add(f"{name}.{reduction}", value)
        value.backward(torch.ones_like(value))
        for index, x in enumerate(leaves):
            if x.grad is not None:
                add(f"{name}.{reduction}.gradient.{index}", x.grad)


def written(f):
    """A loss from its formula, before reduction."""
    return lambda *inputs, reduction: REDUCTIONS[reduction](f(*inputs))


def labelled():
    x, labels = uniform(6, 4), torch.tensor([1, 3, 0, 2, 2, 1])
    weight = torch.tensor([0.5, 1.0, 2.0, 0.25], dtype=torch.float64)
    pictures, places = uniform(2, 3, 2, 2), torch.tensor([[[0, 2], [1, 1]], [[2, 0], [2, 1]]])
    three = weight[:3]

    def cross(**options):
        return lambda x, y, reduction: F.cross_entropy(x, y, reduction=reduction, **options)

    case("ce_weight", cross(weight=weight), x, labels, weight=weight)
    case("ce_ignored", cross(ignore_index=2), x, labels)
    case("ce_ignored_outside", cross(ignore_index=-100), x, torch.tensor([1, -100, 0, -100, 2, 1]))
    case("ce_smooth", cross(label_smoothing=0.2), x, labels)
    case(
        "ce_everything", cross(weight=three, ignore_index=1, label_smoothing=0.1), pictures, places, weight=three)
    given = uniform(6, 4).softmax(1)
    case("ce_probabilities", cross(), x, given)
    case("ce_probabilities_everything", cross(weight=three, label_smoothing=0.3), pictures,
         uniform(2, 3, 2, 2).softmax(1), weight=three)

    def likelihood(**options):
        return lambda x, y, reduction: F.nll_loss(x, y, reduction=reduction, **options)

    case("nll", likelihood(), x, labels)
    case("nll_everything", likelihood(weight=three, ignore_index=0), pictures, places, weight=three)
    for p in [1, 2]:
        case(f"multi_margin_{p}", lambda x, y, reduction, p=p: F.multi_margin_loss(
            x, y, p=p, margin=0.7, weight=weight, reduction=reduction), x, labels, weight=weight)
    case("multi_margin", F.multi_margin_loss, x, labels)


def distributions():
    x, p = uniform(4, 3), uniform(4, 3).softmax(1)
    case("kl", F.kl_div, x.log_softmax(1), p)
    case("kl_log", lambda x, t, reduction: F.kl_div(x, t, reduction=reduction, log_target=True), x.log_softmax(1), p.log())
    rate, counts = uniform(4, 3, low=0.1, high=3), torch.tensor([[0.0, 1, 2], [5, 3, 1], [0, 7, 2], [1, 4, 9]]).double()
    for log_input in [True, False]:
        for full in [True, False]:
            # The full loss' gradient in the target is NaN in PyTorch where a count is 0.
            case(f"poisson_{int(log_input)}{int(full)}", lambda x, t, reduction, l=log_input, f=full: F.poisson_nll_loss(
                x, t.detach() if f else t, log_input=l, full=f, reduction=reduction), rate, counts)

    def gaussian(**options):
        return lambda x, t, v, reduction: F.gaussian_nll_loss(x, t, v, reduction=reduction, **options)

    variance = uniform(4, 3, low=0.2, high=2)
    case("gaussian", gaussian(), x, uniform(4, 3), variance)
    case("gaussian_full", gaussian(full=True), x, uniform(4, 3), variance[:, :1].clone())
    case("gaussian_row", gaussian(eps=0.8), x, uniform(4, 3), variance[:, 0].clone())


def embeddings():
    a, b, c = uniform(5, 3), uniform(5, 3), uniform(5, 3)
    signs = torch.tensor([1, -1, -1, 1, -1])
    case("cosine_embedding", lambda a, b, y, reduction: F.cosine_embedding_loss(a, b, y, margin=-0.5, reduction=reduction), a, b, signs)
    case("hinge_embedding", lambda x, y, reduction: F.hinge_embedding_loss(x, y, margin=1.3, reduction=reduction),
         uniform(5, low=0, high=2), signs)
    case("margin_ranking", lambda a, b, y, reduction: F.margin_ranking_loss(a, b, y, margin=0.4, reduction=reduction),
         uniform(5), uniform(5), signs.double())
    case("triplet", F.triplet_margin_loss, a, b, c)
    case("triplet_swap", lambda a, b, c, reduction: F.triplet_margin_loss(
        a, b, c, margin=2.0, p=3, swap=True, reduction=reduction), a, b, c)
    distance = lambda a, b: 1 - F.cosine_similarity(a, b)
    case("triplet_distance", lambda a, b, c, reduction: F.triplet_margin_with_distance_loss(
        a, b, c, distance_function=distance, margin=0.5, reduction=reduction), a, b, c)

    def contrastive(a, b, y):
        d = F.pairwise_distance(a, b)
        return torch.where(y == 1, d**2, (3 - d).clamp(min=0) ** 2) / 2

    case("contrastive", written(contrastive), a, b, signs)

    def info_nce(q, k):
        scores = F.normalize(q, dim=1) @ F.normalize(k, dim=1).T / 0.2
        return F.cross_entropy(scores, torch.arange(len(q)), reduction="none")

    case("info_nce", written(info_nce), a, b)
    for p in [1.0, 2.0, 3.5, math.inf]:
        case(f"distance_{p}", written(lambda a, b, p=p: F.pairwise_distance(a, b, p=p)), a, b, reductions=["none"])
    case("cosine", written(lambda a, b: F.cosine_similarity(a, b, dim=1)), a, b, reductions=["none"])
    case("cosine_axis", written(lambda a, b: F.cosine_similarity(a, b, dim=0)), a, b[:, :1], reductions=["none"])


def elementwise():
    x, y = uniform(4, 3), uniform(4, 3)
    signs, hard = torch.sign(y), (y > 0).double()
    # PyTorch has no gradient for these labels.
    case("soft_margin", lambda x, y, reduction: F.soft_margin_loss(x, y.detach(), reduction=reduction), x * 20, signs)
    weight = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)
    case("multilabel", F.multilabel_soft_margin_loss, x, hard)
    case("multilabel_weight", lambda x, t, reduction: F.multilabel_soft_margin_loss(
        x, t, weight=weight, reduction=reduction), x, uniform(4, 3, low=0, high=1), weight=weight)
    for beta in [1.0, 0.3, 0.0]:
        case(f"smooth_l1_{beta}", lambda x, t, reduction, b=beta: F.smooth_l1_loss(x, t, beta=b, reduction=reduction), x, y)

    def focal(alpha, gamma):
        def f(x, t):
            p = x.sigmoid()
            right = p * t + (1 - p) * (1 - t)
            loss = F.binary_cross_entropy_with_logits(x, t, reduction="none") * (1 - right) ** gamma
            return loss if alpha is None else loss * (alpha * t + (1 - alpha) * (1 - t))

        return written(f)

    case("focal", focal(0.25, 2), x, hard)
    case("focal_plain", focal(None, 1.5), x, hard)
    case("focal_soft", focal(0.6, 0.5), x, uniform(4, 3, low=0.1, high=0.9))


def ctc():
    """The inputs are logits: only after log_softmax are PyTorch's gradients those of the loss."""
    x = uniform(8, 5, 4)
    targets = torch.tensor([[1, 2, 3, 1], [2, 2, 2, 0], [3, 0, 0, 0], [0, 0, 0, 0], [1, 1, 3, 3]])
    lengths, times = torch.tensor([4, 3, 1, 0, 4]), torch.tensor([8, 6, 8, 5, 7])
    call = lambda **options: lambda x, t, reduction: F.ctc_loss(
        x.log_softmax(2), t, options.get("times", times), lengths, reduction=reduction, blank=options.get("blank", 0),
        zero_infinity=options.get("zero_infinity", False))
    case("ctc", call(), x, targets)
    case("ctc_blank", call(blank=3), x, torch.tensor([[1, 2, 0, 1], [2, 2, 2, 0], [1, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]]))
    # The second needs five steps for 2 2 2, the last six for 1 1 3 3.
    short = torch.tensor([8, 4, 8, 0, 5])
    case("ctc_impossible", call(times=short, zero_infinity=True), x, targets)


def others():
    x, target = uniform(4, 3, low=0.1, high=0.9), uniform(4, 3, low=0, high=1)
    edge = torch.tensor([[0.0, 1.0, 0.0], [1.0, 0.3, 1.0]], dtype=torch.float64)
    weight = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)

    def binary(weight=None):
        return lambda p, t, reduction: F.binary_cross_entropy(p, t, weight, reduction=reduction)

    case("bce_probabilities", binary(), x, target)
    # The gradient of the targets is infinite there.
    case("bce_probabilities_edge", lambda p, t, reduction: binary()(p, t.detach(), reduction), edge, torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.5, 1.0]], dtype=torch.float64))
    case("bce_probabilities_weight", binary(weight), x, target, weight=weight)
    labels = torch.tensor([[3, 0, -1, 1], [-1, 0, 1, 2], [1, 2, 0, 3]])
    case("multilabel_margin", lambda x, y, reduction: F.multilabel_margin_loss(x, y, reduction=reduction), uniform(3, 4), labels)
    for p in [1.0, 2.0, 3.5, math.inf]:
        case(f"pdist_{p}", lambda x, reduction, p=p: F.pdist(x, p), uniform(5, 3), reductions=["none"])
    case("normalize", lambda x, reduction: F.normalize(x), uniform(4, 3), reductions=["none"])
    case("normalize_1", lambda x, reduction: F.normalize(x, 1, 0, 5.0), uniform(4, 3), reductions=["none"])


if __name__ == "__main__":
    torch.manual_seed(17)
    for write in [labelled, distributions, embeddings, elementwise, ctc, others]:
        write()
    store(goldens, "losses_more")
