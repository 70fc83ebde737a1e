"""Goldens for Mathematics, as SciPy and numpy have them.

Needs scipy 1.17, scikit-learn 1.9, numpy 2.4, torch 2.15 and safetensors 0.8. Writes Tests/Goldens/mathematics.safetensors; run it from anywhere:

    python scripts/goldens/mathematics.py

minimisation/<function>/<method>: x, and [f, iterations, evaluations]. bounded/<case>: lower, upper, start, and what L-BFGS-B finds.
logistic/…: a regression whose features differ by powers of ten, and what L-BFGS-B finds.
information/…: of probabilities, of distributions and of samples, in nats.
linear/…: systems, least squares, residuals on the way of iterative solvers, and matrices with their eigenvalues [n, (real, imaginary)].
"""

import numpy as np
import torch
from scipy import linalg, optimize, special, stats
from scipy.sparse import linalg as sparse_linalg
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import mutual_info_score
from store import store

goldens = {}


def put(name, value):
    goldens[name] = torch.as_tensor(np.asarray(value, dtype=np.float64))


def plane(f):
    return lambda x: f(x[0], x[1])


FUNCTIONS = {
    "Rosenbrock": (optimize.rosen, [-1.2, 1.0]),
    "Himmelblau": (plane(lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2), [0.0, 0.0]),
    "Beale": (
        plane(lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2),
        [1.0, 1.0],
    ),
    "Booth": (plane(lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2), [-5.0, 5.0]),
    "Rastrigin": (lambda x: float(np.sum(np.square(x) - 10 * np.cos(2 * np.pi * np.asarray(x)) + 10)), [3.3, -2.2]),
}


def gradient(f):
    """Complex steps: exact to rounding, for functions of analytic operations."""
    if f is optimize.rosen:
        return optimize.rosen_der
    def derivative(x):
        h = 1e-200
        steps = np.eye(len(x)) * 1j * h
        return np.array([np.imag(complex_f(f, np.asarray(x) + step)) / h for step in steps])
    return derivative


def complex_f(f, x):
    if f is FUNCTIONS["Rastrigin"][0]:
        return np.sum(x * x - 10 * np.cos(2 * np.pi * x) + 10)
    return f(x)


for name, (f, start) in FUNCTIONS.items():
    for method in ["Nelder-Mead", "BFGS", "L-BFGS-B", "CG", "dogleg"]:
        options = {}
        arguments = {} if method == "Nelder-Mead" else {"jac": gradient(f)}
        if method == "dogleg":
            # SciPy's dogleg refuses Hessians that are not positive definite, which only the bowl and the valley have all along the way.
            if name not in ["Rosenbrock", "Booth"]:
                continue
            arguments["hess"] = optimize.rosen_hess if name == "Rosenbrock" else lambda x: np.array([[10.0, 8.0], [8.0, 10.0]])
        found = optimize.minimize(f, start, method=method, options=options, **arguments)
        put(f"minimisation/{name}/{method}/x", found.x)
        put(f"minimisation/{name}/{method}/counts", [found.fun, found.nit, found.nfev])

# Many variables, and bounds that cut the valley and hold some coordinates of a least-squares problem at zero.
start = np.where(np.arange(20) % 2 == 0, -1.2, 1.0)
for name, bounds in {"free": None, "cut": [(-1.5, 0.8)] * 20}.items():
    found = optimize.minimize(
        optimize.rosen, start, jac=optimize.rosen_der, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-8}
    )
    put(f"bounded/rosenbrock {name}/x", found.x)
    put(f"bounded/rosenbrock {name}/counts", [found.fun, found.nit, found.nfev])
random = np.random.default_rng(0)
a, b = random.normal(size=(30, 12)), random.normal(size=30)
solution, residual = optimize.nnls(a, b)
put("bounded/least squares/a", a)
put("bounded/least squares/b", b)
put("bounded/least squares/x", solution)
found = optimize.minimize(
    lambda x: 0.5 * np.sum((a @ x - b) ** 2), np.ones(12), jac=lambda x: a.T @ (a @ x - b), method="L-BFGS-B", bounds=[(0, None)] * 12
)
put("bounded/least squares/counts", [0.5 * residual**2, found.nit, found.nfev])

x = random.normal(size=(120, 8)) * 10.0 ** np.linspace(-1, 1.5, 8) + 1
t = np.where(x @ (random.normal(size=8) / 10.0 ** np.linspace(-1, 1.5, 8)) + random.normal(size=120) > 0, 1.0, -1.0)


def logistic(w):
    z = t * (x @ w)
    return np.sum(np.logaddexp(0, -z)) + 0.5 * w @ w, w - x.T @ (t * special.expit(-z))


found = optimize.minimize(logistic, np.zeros(8), jac=True, method="L-BFGS-B", options={"ftol": 64 * 2**-52, "gtol": 1e-6, "maxiter": 10000})
put("logistic/x", x)
put("logistic/t", t)
put("logistic/w", found.x)
put("logistic/counts", [found.fun, found.nit, found.nfev])

p, q = random.dirichlet(np.ones(5), size=(2, 4))
p[0, 2] = 0
p[0] /= p[0].sum()
put("information/p", p)
put("information/q", q)
put("information/entropy", stats.entropy(p, axis=-1))
put("information/kl", stats.entropy(p, q, axis=-1))
put("information/jensen shannon", jensenshannon(p, q, axis=-1) ** 2)
put("information/binary entropy", special.entr(p) + special.entr(1 - p))
put(
    "information/differential",
    [
        stats.norm(scale=2.5**0.5).entropy(),
        stats.uniform(scale=3).entropy(),
        stats.expon(scale=0.7).entropy(),
        stats.laplace(scale=1.3).entropy(),
        stats.cauchy(scale=0.4).entropy(),
        stats.multivariate_normal(cov=[[2.0, 0.6], [0.6, 1.0]]).entropy(),
    ],
)
x = random.normal(size=60)
y = x + random.normal(size=60)
put("information/samples x", x)
put("information/samples y", y)
put(
    "information/mutual information of samples",
    [mutual_info_score(None, None, contingency=np.histogram2d(x, other, bins=5)[0]) for other in (y, x)],
)

a, b = random.normal(size=(12, 5)), random.normal(size=12)
x, residual, _, _ = np.linalg.lstsq(a, b)
put("linear/a", a)
put("linear/b", b)
put("linear/least squares", x)
put("linear/residual", [residual[0] ** 0.5])
put("linear/hilbert 6", linalg.hilbert(6))
put("linear/hilbert 10 condition", [np.linalg.cond(linalg.hilbert(10))])

root, right = random.normal(size=(25, 25)), random.normal(size=25)
definite, general = root @ root.T + 10 * np.eye(25), root + 4 * np.eye(25)
put("linear/definite", definite)
put("linear/general", general)
put("linear/right", right)
residuals = []
sparse_linalg.cg(
    definite, right, rtol=1e-6, callback=lambda x: residuals.append(np.linalg.norm(right - definite @ x) / np.linalg.norm(right))
)
put("linear/cg residuals", residuals)
residuals = []
sparse_linalg.gmres(general, right, rtol=1e-10, restart=30, callback=residuals.append, callback_type="pr_norm")
put("linear/gmres residuals", residuals)

companion = linalg.companion(np.poly([1, 2, 3, 4, 5, 6]))
rotation = linalg.block_diag([[0.6, -0.8], [0.8, 0.6]], [[2.0]], [[1.0, -3.0], [3.0, 1.0]])
turn = np.linalg.qr(random.normal(size=(5, 5)))[0]
matrices = [random.normal(size=(8, 8)), random.normal(size=(15, 15)), companion, turn @ rotation @ turn.T, np.roll(np.eye(6), 1, axis=0)]
for i, matrix in enumerate(matrices):
    values = sorted(np.linalg.eigvals(matrix), key=lambda value: (-round(value.real, 9), -value.imag))
    put(f"linear/matrix {i}", matrix)
    put(f"linear/eigenvalues {i}", [[value.real, value.imag] for value in values])

store(goldens, "mathematics")
