"""Writes Tests/Goldens/distributions.safetensors: what torch.distributions and SciPy say of distributions, in float64.

Needs torch, scipy and safetensors from PyPI (made with torch 2.15, SciPy 1.17). Run it from anywhere: python scripts/goldens/distributions.py
For a case NAME: NAME/parameter/i, NAME/x, NAME/logProbability, NAME/mean, NAME/variance, NAME/entropy, NAME/cumulative, and gradients of
Σⱼ cos(j)·resultⱼ: NAME/logProbability/gradient/i (and /x), NAME/entropy/gradient/i. For a pair: PAIR/p/i, PAIR/q/i, PAIR/divergence,
PAIR/gradient/p/i, PAIR/gradient/q/i. For draws: NAME/points and NAME/probability, SciPy's distribution function.
"""

import numpy as np
import scipy.special
import scipy.stats
import torch
import torch.distributions as d
from store import store

torch.set_default_dtype(torch.float64)
d.Distribution.set_default_validate_args(False)
tensors = {}


class Digamma(torch.autograd.Function):
    """PyTorch's own derivative of digamma is good to about nine digits only."""

    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return torch.from_numpy(np.asarray(scipy.special.digamma(x.detach().numpy())))

    @staticmethod
    def backward(context, g):
        (x,) = context.saved_tensors
        return g * torch.from_numpy(np.asarray(scipy.special.polygamma(1, x.detach().numpy())))


torch.digamma = torch.Tensor.digamma = lambda x: Digamma.apply(x)


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def put(name, value):
    tensors[name] = value.detach().clone().contiguous()


def weighted(value):
    return (value.reshape(-1) * torch.arange(value.numel(), dtype=torch.float64).cos()).sum()


def put_gradients(name, value, inputs):
    leaves = [x for _, x in inputs]
    if not value.requires_grad:
        return
    for (label, x), g in zip(inputs, torch.autograd.grad(weighted(value), leaves, allow_unused=True, retain_graph=True)):
        # Above a triangular factor's diagonal there is nothing to differentiate by.
        g = torch.zeros_like(x) if g is None else g.tril() if x.shape == tril.shape else g
        put(f"{name}/gradient/{label}", g)


a = tensor([[0.3], [-1.2]])
b = tensor([0.5, 1.7, 2.4])
c = tensor([[2.5], [0.7]])
p = tensor([[0.2], [0.85]])
q = tensor([0.1, 0.5, 0.7])
rows = tensor([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
alphas = tensor([[0.4, 1.0, 2.5], [3.0, 0.7, 6.0]])
real = tensor([[-1.3, 0.2, 2.0], [0.9, -0.4, 3.1]])
positive = tensor([[0.3, 1.2, 2.0], [0.9, 4.0, 0.1]])
unit = tensor([[0.3, 0.12, 0.9], [0.55, 0.01, 0.7]])
counts = tensor([[0.0, 3.0, 1.0], [7.0, 2.0, 12.0]])
bits = tensor([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
tril = tensor([[1.5, 0.0, 0.0], [0.4, 0.8, 0.0], [-0.3, 0.5, 2.0]])


def logistic(location, scale):
    base = d.Uniform(torch.zeros_like(location + scale), torch.ones_like(location + scale))
    return d.TransformedDistribution(base, [d.SigmoidTransform().inv, d.AffineTransform(location, scale)])


def mixture(weights, means, scales):
    return d.MixtureSameFamily(d.Categorical(weights), d.Normal(means, scales))


cases = {
    "normal": (d.Normal, [a, b], real, True), "logNormal": (d.LogNormal, [a, b], positive, True),
    "halfNormal": (d.HalfNormal, [b], positive, True), "uniform": (d.Uniform, [a, b + 2], real, False),
    "exponential": (d.Exponential, [b], positive, True), "laplace": (d.Laplace, [a, b], real, True),
    "gumbel": (d.Gumbel, [a, b], real, True), "logistic": (logistic, [a, b], real, True),
    "cauchy": (d.Cauchy, [a, b], real, True), "gamma": (d.Gamma, [c, b], positive, True),
    "chiSquared": (d.Chi2, [b + 1], positive, True), "beta": (d.Beta, [c, b], unit, True),
    "dirichlet": (d.Dirichlet, [alphas], rows, True),
    "studentT": (d.StudentT, [tensor([[3.5], [1.5]]), a, b], real, True),
    "vonMises": (d.VonMises, [a, b], real, True), "bernoulli": (lambda p: d.Bernoulli(probs=p), [p], bits, False),
    "bernoulliLogits": (lambda l: d.Bernoulli(logits=l), [a], bits, False),
    "categorical": (lambda p: d.Categorical(probs=p), [rows], tensor([2, 0]), False),
    "categoricalLogits": (lambda l: d.Categorical(logits=l), [real], tensor([[1, 2], [0, 0], [2, 1]]), False),
    "oneHotCategorical": (
        lambda p: d.OneHotCategorical(probs=p), [rows], tensor([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]), False),
    "binomial": (lambda p: d.Binomial(12, probs=p), [p], counts, False),
    "multinomial": (
        lambda p: d.Multinomial(6, probs=p), [rows], tensor([[1.0, 2.0, 3.0], [4.0, 0.0, 2.0]]), False),
    "poisson": (d.Poisson, [b], counts, False), "geometric": (lambda p: d.Geometric(probs=p), [q], counts, False),
    "independent": (lambda m, s: d.Independent(d.Normal(m, s), 1), [a, b], real, True),
    "mixture": (mixture, [rows, real, positive], tensor([0.4, -1.0]), True),
    "transformed": (lambda m, s: d.TransformedDistribution(d.Normal(m, s), [d.TanhTransform()]), [a, b],
                    tensor([[0.3, -0.12, 0.9], [0.55, 0.01, -0.7]]), True),
    "multivariateNormal": (lambda m, l: d.MultivariateNormal(m, scale_tril=l), [real, tril], positive, True),
}
for name, (make, parameters, x, differentiable) in cases.items():
    parameters = [parameter.clone().requires_grad_() for parameter in parameters]
    labelled = [(str(i), parameter) for i, parameter in enumerate(parameters)]
    for label, parameter in labelled:
        put(f"{name}/parameter/{label}", parameter)
    distribution = make(*parameters)
    put(f"{name}/x", x)
    x = x.clone().requires_grad_(differentiable)
    log = distribution.log_prob(x)
    if name == "vonMises":
        # PyTorch's own polynomial for the Bessel function is good to seven digits.
        location, concentration = parameters
        log = concentration * ((x - location).cos() - 1) - torch.special.i0e(concentration).log() - np.log(2 * np.pi)
    put(f"{name}/logProbability", log)
    # Outside the support there is nothing to differentiate.
    log = torch.where(log.isfinite(), log, 0)
    put_gradients(f"{name}/logProbability", log, labelled + ([("x", x)] if differentiable else []))
    for key, read in [("mean", lambda: distribution.mean), ("variance", lambda: distribution.variance)]:
        if name.startswith("categorical"):
            numbers = torch.arange(3.0)
            mean = (distribution.probs * numbers).sum(-1)
            value = mean if key == "mean" else (distribution.probs * numbers**2).sum(-1) - mean**2
        elif name in ("logistic", "transformed") or (name, key) == ("cauchy", "variance"):
            continue
        else:
            value = read()
        put(f"{name}/{key}", value)
    try:
        entropy = distribution.entropy()
        put(f"{name}/entropy", entropy)
        put_gradients(f"{name}/entropy", entropy, labelled)
    except NotImplementedError:
        pass
    try:
        if name not in ("gamma", "chiSquared", "cauchy", "mixture", "transformed", "independent"):
            put(f"{name}/cumulative", distribution.cdf(x))
    except NotImplementedError:
        pass

pairs = {
    "normal": (d.Normal, [a, b], d.Normal, [b, c]), "logNormal": (d.LogNormal, [a, b], d.LogNormal, [b, c]),
    "halfNormal": (d.HalfNormal, [b], d.HalfNormal, [c]),
    "uniform": (d.Uniform, [a, b + 2], d.Uniform, [a - 1, b + 4]),
    "exponential": (d.Exponential, [b], d.Exponential, [c]), "laplace": (d.Laplace, [a, b], d.Laplace, [b, c]),
    "gumbel": (d.Gumbel, [a, b], d.Gumbel, [b, c]), "cauchy": (d.Cauchy, [a, b], d.Cauchy, [b, c]),
    "gamma": (d.Gamma, [c, b], d.Gamma, [b, c]), "beta": (d.Beta, [c, b], d.Beta, [b, c]),
    "dirichlet": (d.Dirichlet, [alphas], d.Dirichlet, [positive]), "poisson": (d.Poisson, [b], d.Poisson, [c]),
    "geometric": (d.Geometric, [q], d.Geometric, [p]), "bernoulli": (d.Bernoulli, [q], d.Bernoulli, [tensor([0.2, 0.85, 0.4])]),
    "categorical": (d.Categorical, [rows], d.Categorical, [positive]),
    "oneHotCategorical": (d.OneHotCategorical, [rows], d.OneHotCategorical, [positive]),
    "binomial": (lambda p: d.Binomial(9, p), [q], lambda p: d.Binomial(9, p), [tensor([0.2, 0.85, 0.4])]),
    "independent": (cases["independent"][0], [a, b], cases["independent"][0], [b, c]),
    "multivariateNormal": (
        cases["multivariateNormal"][0], [real, tril], cases["multivariateNormal"][0], [positive, tril.mT.tril() + tril]),
    "uniformNormal": (d.Uniform, [a, b + 2], d.Normal, [b, c]), "laplaceNormal": (d.Laplace, [a, b], d.Normal, [b, c]),
    "gumbelNormal": (d.Gumbel, [a, b], d.Normal, [b, c]), "exponentialNormal": (d.Exponential, [b], d.Normal, [a, c]),
    "gammaNormal": (d.Gamma, [c, b], d.Normal, [a, c]), "betaNormal": (d.Beta, [c, b], d.Normal, [a, c]),
    "gammaExponential": (d.Gamma, [c, b], d.Exponential, [b]), "betaExponential": (d.Beta, [c, b], d.Exponential, [b]),
    "exponentialGamma": (d.Exponential, [b], d.Gamma, [c, b]), "normalLaplace": (d.Normal, [a, b], d.Laplace, [b, c]),
    "bernoulliPoisson": (d.Bernoulli, [q], d.Poisson, [c]),
    "betaUniform": (d.Beta, [c, b], d.Uniform, [torch.full((2, 3), -0.5), torch.full((2, 3), 1.5)]),
}
for name, (make_p, ps, make_q, qs) in pairs.items():
    ps = [x.clone().requires_grad_() for x in ps]
    qs = [x.clone().requires_grad_() for x in qs]
    try:
        divergence = d.kl_divergence(make_p(*ps), make_q(*qs))
    except NotImplementedError as error:
        # Normal-Laplace is the integral over a fine grid.
        assert name == "normalLaplace", error
        grid = torch.linspace(-40, 40, 400_001).reshape(-1, 1, 1)
        first, second = make_p(*ps), make_q(*qs)
        log = first.log_prob(grid)
        divergence = torch.trapezoid(log.exp() * (log - second.log_prob(grid)), dx=80 / 400_000, dim=0)
    put(f"pair.{name}/divergence", divergence)
    labelled = [(f"p/{i}", x) for i, x in enumerate(ps)] + [(f"q/{i}", x) for i, x in enumerate(qs)]
    for label, x in labelled:
        put(f"pair.{name}/{label}", x)
    put_gradients(f"pair.{name}", divergence, labelled)

# Draws: SciPy's distribution function at points.
s = scipy.stats
draws = {
    "normal": s.norm(0.3, 2), "logNormal": s.lognorm(0.7, scale=np.exp(0.3)), "halfNormal": s.halfnorm(scale=2),
    "uniform": s.uniform(-1, 3), "exponential": s.expon(scale=1 / 1.5), "laplace": s.laplace(0.3, 2),
    "gumbel": s.gumbel_r(0.3, 2), "logistic": s.logistic(0.3, 2), "cauchy": s.cauchy(0.3, 2),
    "gamma.small": s.gamma(0.05, scale=1 / 1.5), "gamma.middle": s.gamma(1.0, scale=1 / 1.5),
    "gamma.large": s.gamma(20.0, scale=1 / 1.5), "gamma.huge": s.gamma(5000.0, scale=1 / 1.5),
    "chiSquared": s.chi2(3), "beta": s.beta(0.5, 2.5), "beta.small": s.beta(0.02, 0.03), "studentT": s.t(2.5, 0.3, 2),
    "vonMises": s.vonmises(2.5, 0.3), "vonMises.small": s.vonmises(0.01, 0.3), "vonMises.large": s.vonmises(300, 0.3),
}
levels = np.concatenate([[0.001], np.arange(1, 20) / 20, [0.999]])
for name, frozen in draws.items():
    points = frozen.ppf(levels) if "vonMises" not in name else np.clip(frozen.ppf(levels), -np.pi, np.pi)
    put(f"draws.{name}/points", torch.tensor(points))
    # Of angles, the probability from -π on.
    start = frozen.cdf(-np.pi) if "vonMises" in name else 0
    put(f"draws.{name}/probability", torch.tensor(frozen.cdf(points) - start))
counting = {
    "poisson.small": s.poisson(2.5), "poisson.large": s.poisson(33.0), "geometric": s.geom(0.3, loc=-1),
    "binomial.small": s.binom(12, 0.2), "binomial.large": s.binom(100, 0.85), "bernoulli": s.bernoulli(0.3),
}
for name, frozen in counting.items():
    points = np.arange(frozen.ppf(0.0005), frozen.ppf(0.9995) + 1)
    put(f"draws.{name}/points", torch.tensor(points))
    put(f"draws.{name}/probability", torch.tensor(frozen.cdf(points)))

# The derivative of a gamma draw's logarithm by its concentration at a fixed probability: a central difference of quantiles.
grid = [(alpha, level) for alpha in [0.01, 0.3, 1.0, 5.0, 50.0, 900.0, 1100.0, 20000.0]
        for level in [1e-4, 0.05, 0.5, 0.95, 1 - 1e-4]]


def log_quantile(alpha, x, at):
    lower = s.gamma.cdf(x, alpha)
    return np.log(s.gamma.ppf(lower, at) if lower < 0.5 else s.gamma.isf(s.gamma.sf(x, alpha), at))


alphas, logs, slopes = [], [], []
for alpha, level in grid:
    x = s.gamma.ppf(level, alpha)
    if x < 1e-250:
        continue
    h = 1e-4 * alpha
    alphas.append(alpha)
    logs.append(np.log(x))
    slopes.append((log_quantile(alpha, x, alpha + h) - log_quantile(alpha, x, alpha - h)) / (2 * h))
put("gammaDerivative/concentration", torch.tensor(alphas))
put("gammaDerivative/logX", torch.tensor(logs))
put("gammaDerivative/slope", torch.tensor(slopes))

store(tensors, "distributions")
