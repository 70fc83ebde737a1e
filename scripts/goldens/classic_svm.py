"""Goldens for support vector machines, as scikit-learn has them, which takes LIBSVM and LIBLINEAR.

Needs scikit-learn 1.9, torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/classic_svm.safetensors; run it from anywhere:

    python scripts/goldens/classic_svm.py

<set>.x and <set>.y are samples and targets, scaled. Models are fitted to all rows but the last 30, to tolerances far below the default ones, so that what is left
is the only solution; <set>/<model> <part> is what they learned, and what they say of the last 30.
"""

import warnings

import numpy as np
import torch
from sklearn import datasets
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, OneClassSVM
from store import store

goldens = {}
QUERIES = 30

KERNELS = {
    "linear": dict(kernel="linear"),
    "polynomial": dict(kernel="poly", degree=3, gamma="auto", coef0=1.0),
    "rbf": dict(kernel="rbf", gamma="scale"),
    "narrow rbf": dict(kernel="rbf", gamma=0.8, C=10),
    "sigmoid": dict(kernel="sigmoid", gamma=0.02, coef0=-0.5),
}


def put(name, values):
    values = np.ascontiguousarray(values)
    goldens[name] = torch.as_tensor(values.astype(np.int32) if values.dtype.kind == "i" else values)


def objective(model, x, y):
    """Of a binary classifier: Σα − ½ΣΣ yᵢyⱼαᵢαⱼK."""
    signed = model.dual_coef_[0]
    gamma, kernel = model._gamma, model.kernel
    products = {
        "linear": lambda a: a @ a.T,
        "poly": lambda a: (gamma * a @ a.T + model.coef0)**model.degree,
        "rbf": lambda a: np.exp(-gamma * ((a[:, None] - a[None])**2).sum(axis=2)),
        "sigmoid": lambda a: np.tanh(gamma * a @ a.T + model.coef0),
    }[kernel](x[model.support_])
    return np.abs(signed).sum() - signed @ products @ signed / 2


def classified(name, x, y):
    for kernel, options in KERNELS.items():
        for weight in [None, "balanced"] if kernel == "rbf" else [None]:
            case = f"{name}/{'balanced ' if weight else ''}{kernel}"
            model = SVC(tol=1e-9, break_ties=len(set(y)) > 2, class_weight=weight, **options).fit(x[:-QUERIES], y[:-QUERIES])
            put(f"{case} support", model.support_)
            put(f"{case} coefficients", model.dual_coef_)
            put(f"{case} decisions", model.decision_function(x[-QUERIES:]))
            put(f"{case} classes", model.predict(x[-QUERIES:]))
            if len(set(y)) == 2 and not weight:
                put(f"{case} objective", objective(model, x[:-QUERIES], y[:-QUERIES]))


def regressed(name, x, y):
    for kernel, options in KERNELS.items():
        if kernel != "sigmoid":
            model = SVR(tol=1e-9, epsilon=0.2, **options).fit(x[:-QUERIES], y[:-QUERIES])
            put(f"{name}/{kernel} values", model.predict(x[-QUERIES:]))
            put(f"{name}/{kernel} support", model.support_)
    for loss in ["epsilon_insensitive", "squared_epsilon_insensitive"]:
        model = LinearSVR(loss=loss, epsilon=0.1, C=0.5, tol=1e-11, max_iter=200_000, dual=True).fit(x[:-QUERIES], y[:-QUERIES])
        put(f"{name}/{loss} coefficients", model.coef_)
        put(f"{name}/{loss} intercept", model.intercept_)


def separated(name, x, y):
    for loss in ["hinge", "squared_hinge"]:
        model = LinearSVC(loss=loss, C=0.7, tol=1e-11, max_iter=200_000, dual=True).fit(x[:-QUERIES], y[:-QUERIES])
        put(f"{name}/{loss} coefficients", model.coef_)
        put(f"{name}/{loss} intercepts", model.intercept_)
        put(f"{name}/{loss} decisions", model.decision_function(x[-QUERIES:]))
    model = LinearSVC(C=0.7, tol=1e-11, max_iter=200_000, dual=True, fit_intercept=False, class_weight="balanced")
    put(f"{name}/balanced coefficients", model.fit(x[:-QUERIES], y[:-QUERIES]).coef_)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    random = np.random.default_rng(4)

    x, y = datasets.load_wine(return_X_y=True)
    order = random.permutation(len(x))
    x, y = StandardScaler().fit_transform(x[order]).astype(np.float32).astype(np.float64), y[order]
    put("wine.x", x.astype(np.float32))
    put("wine.y", y)
    classified("wine", x, y)
    separated("wine", x, y)
    # The first class is rare.
    few = np.flatnonzero((y > 0) | (np.arange(len(y)) % 4 == 0))
    x, y = x[few], (y[few] > 0).astype(int)
    put("two.rows", few)
    classified("two", x, y)
    separated("two", x, y)
    model = OneClassSVM(nu=0.2, gamma="auto", tol=1e-9).fit(x[:-QUERIES])
    put("two/one class decisions", model.decision_function(x[-QUERIES:]))
    put("two/one class support", model.support_)

    x, y = datasets.load_diabetes(return_X_y=True)
    x, y = StandardScaler().fit_transform(x[:150]).astype(np.float32).astype(np.float64), y[:150] / 50
    put("diabetes.x", x.astype(np.float32))
    put("diabetes.y", y)
    regressed("diabetes", x, y)

    # Words of texts: many features, most of them zero.
    x = random.random((130, 60)) * (random.random((130, 60)) < 0.1)
    y = (x[:, :20].sum(axis=1) > x[:, 20:40].sum(axis=1)).astype(int)
    put("words.x", x.astype(np.float32))
    put("words.y", y)
    separated("words", x.astype(np.float32).astype(np.float64), y)
    store(goldens, "classic_svm")
