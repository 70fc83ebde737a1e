"""Goldens for linear models, naive Bayes, discriminants, Gaussian processes and multi-layer perceptrons, as scikit-learn has them.

Needs scikit-learn 1.9, numpy 2.4, torch 2.15 and safetensors 0.8. Writes Tests/Goldens/classic_linear.safetensors; run it from anywhere:

    python scripts/goldens/classic_linear.py

<set>.x and <set>.y are data sets (x as float32, to be small, and float64 in all computations), <case>/<attribute> is what scikit-learn learns.
"""

import warnings

import numpy as np
import torch
from sklearn import datasets, linear_model, multiclass, preprocessing
from store import store

goldens = {}


def data(name, x, y):
    """Keeps a data set as it is stored, and gives it as it is computed with."""
    x = np.asarray(x, dtype=np.float32)
    y = np.asarray(y, dtype=np.uint8 if np.asarray(y).dtype.kind in "iu" else np.float32)
    goldens[f"{name}.x"], goldens[f"{name}.y"] = torch.as_tensor(x), torch.as_tensor(y)
    return x.astype(np.float64), y.astype(np.int64 if y.dtype == np.uint8 else np.float64)


def put(case, **values):
    for name, value in values.items():
        goldens[f"{case}/{name}"] = torch.as_tensor(np.asarray(value, dtype=np.float64))


def linear(case, model):
    put(case, coefficients=model.coef_, intercept=model.intercept_)


def regression(diabetes):
    x, y = diabetes
    two = np.stack([y, x[:, 2] * 900 + y[::-1]], axis=1)
    linear("least squares", linear_model.LinearRegression().fit(x, two))
    linear("least squares.origin", linear_model.LinearRegression(fit_intercept=False).fit(x, y))
    linear("ridge", linear_model.Ridge(0.3).fit(x, y))
    linear("ridge.strengths", linear_model.Ridge([0.1, 20.0]).fit(x, two))
    linear("ridge.wide", linear_model.Ridge(0.01).fit(x[:7], y[:7]))
    linear("ridge.origin", linear_model.Ridge(2.0, fit_intercept=False).fit(x, y))
    exact = dict(tol=1e-13, max_iter=100_000)
    linear("lasso", linear_model.Lasso(0.5, **exact).fit(x, y))
    linear("lasso.wide", linear_model.Lasso(2.0, **exact).fit(x[:9], y[:9]))
    linear("elastic net", linear_model.ElasticNet(0.01, l1_ratio=0.7, **exact).fit(x, y))
    linear("elastic net.origin", linear_model.ElasticNet(0.02, l1_ratio=0.2, fit_intercept=False, **exact).fit(x, y))
    centred, means = x - x.mean(axis=0), y - y.mean()
    strengths, path, _ = linear_model.lasso_path(centred, means, n_alphas=12, eps=1e-3, **exact)
    put("lasso path", strengths=strengths, coefficients=path.T)
    linear("expanded", linear_model.LinearRegression().fit(preprocessing.PolynomialFeatures(2, include_bias=False).fit_transform(x[:, :3]), y))


def polynomials():
    x = np.array([[2.0, 3.0, 0.5], [-1.0, 0.0, 4.0]])
    put("polynomials", x=x)
    for name, options in {
        "cubic": dict(degree=3), "interactions": dict(degree=3, interaction_only=True), "no bias": dict(degree=2, include_bias=False)
    }.items():
        transformer = preprocessing.PolynomialFeatures(**options)
        put(f"polynomials.{name}", y=transformer.fit_transform(x), powers=transformer.powers_)


def scaled(pair):
    x, y = pair
    return (x - x.mean(axis=0)) / x.std(axis=0), y


def classifier(case, model, x):
    put(case, coefficients=model.coef_, intercepts=model.intercept_, probabilities=model.predict_proba(x[::7]))


def logistic(iris, wine, cancer, diabetes):
    exact = dict(tol=1e-12, max_iter=100_000)
    for case, (x, y), options in [
        ("cancer", cancer, dict(solver="newton-cholesky")),
        ("cancer.origin", cancer, dict(C=0.2, fit_intercept=False, solver="newton-cholesky")),
        ("cancer.l1", cancer, dict(C=0.1, l1_ratio=1.0, solver="saga")),
        ("cancer.elastic", cancer, dict(C=0.2, l1_ratio=0.4, solver="saga")),
        ("iris", iris, dict(C=0.5)),
        ("wine.balanced", wine, dict(class_weight="balanced")),
        ("wine.given", wine, dict(class_weight={0: 1.0, 1: 0.2, 2: 3.0})),
        ("diabetes.none", diabetes, dict(C=np.inf, solver="newton-cholesky")),
    ]:
        classifier(f"logistic.{case}", linear_model.LogisticRegression(**options, **exact).fit(x, y), x)
    x, y = wine
    rest = multiclass.OneVsRestClassifier(linear_model.LogisticRegression(solver="newton-cholesky", **exact)).fit(x, y)
    put(
        "logistic.wine.rest", coefficients=np.concatenate([each.coef_ for each in rest.estimators_]),
        intercepts=np.concatenate([each.intercept_ for each in rest.estimators_]), probabilities=rest.predict_proba(x[::7]))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    diabetes = data("diabetes", *datasets.load_diabetes(return_X_y=True))
    iris = data("iris", *datasets.load_iris(return_X_y=True))
    wine = data("wine", *datasets.load_wine(return_X_y=True))
    cancer = data("cancer", *datasets.load_breast_cancer(return_X_y=True))
    regression(diabetes)
    polynomials()
    logistic(scaled(iris), scaled(wine), scaled(cancer), (diabetes[0], (diabetes[1] > 140).astype(int)))
    store(goldens, "classic_linear")
