"""Goldens for decompositions, as scikit-learn has them (whitening: as NumPy computes the formula).

Needs scikit-learn 1.9, numpy 2.4, scipy 1.17, torch 2.15 and safetensors 0.8. Writes Tests/Goldens/classic_decomposition.safetensors; run it from anywhere:

    python scripts/goldens/classic_decomposition.py

iris.x, digits.x (every sixth digit, as numbers from 0 to 16) and wide.x are samples; sparse.x is a matrix of which most elements are zero. Iterative methods get the
start that is stored with them, so that the same steps lead to the same numbers.
"""

import warnings

import numpy as np
import scipy.sparse as sp
import torch
from sklearn import decomposition as d
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition._nmf import _initialize_nmf
from store import store

goldens = {}


def put(case, **values):
    for name, value in values.items():
        goldens[f"{case}/{name}"] = torch.as_tensor(np.ascontiguousarray(value))


def pca(case, x, **settings):
    fitted = d.PCA(**settings).fit(x)
    put(
        case, components=fitted.components_, variance=fitted.explained_variance_, ratio=fitted.explained_variance_ratio_,
        singular=fitted.singular_values_, noise=float(fitted.noise_variance_), transformed=fitted.transform(x[:7]))
    return fitted


def nmf(case, x, w, h, **settings):
    model = d.NMF(n_components=w.shape[1], init="custom", **settings)
    weights = model.fit_transform(x, W=w.copy(), H=h.copy())
    put(
        case, weights=weights[:10], components=model.components_, error=float(model.reconstruction_err_),
        iterations=model.n_iter_)
    return model


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    random = np.random.default_rng(5)
    iris, digits = load_iris().data, load_digits().data[::6][:200]
    wide = random.normal(size=(12, 30)) @ np.diag(np.linspace(3, 0.2, 30))
    goldens["iris.x"], goldens["digits.x"] = torch.as_tensor(iris), torch.as_tensor(digits.astype(np.uint8))
    goldens["wide.x"] = torch.as_tensor(wide)

    fitted = pca("pca", iris, svd_solver="full")
    pca("pca.two", iris, n_components=2, svd_solver="full")
    put("pca.two", densities=d.PCA(2, svd_solver="full").fit(iris).score_samples(iris))
    pca("pca.whitened", iris, n_components=3, whiten=True, svd_solver="covariance_eigh")
    pca("pca.share", iris, n_components=0.97)
    pca("pca.wide", wide, n_components=5, svd_solver="full")
    pca("pca.digits", digits, n_components=10, svd_solver="full")
    incremental = d.IncrementalPCA(2, batch_size=40, whiten=True).fit(iris)
    put(
        "incremental", components=incremental.components_, variance=incremental.explained_variance_,
        ratio=incremental.explained_variance_ratio_, singular=incremental.singular_values_, mean=incremental.mean_,
        features=incremental.var_, noise=float(incremental.noise_variance_), transformed=incremental.transform(iris[:7]))

    sparse = sp.random(60, 40, density=0.12, random_state=1, format="csr")
    sparse.data = sparse.data.astype(np.float32).astype(np.float64)
    goldens["sparse.x"] = torch.as_tensor(sparse.toarray().astype(np.float32))
    svd = d.TruncatedSVD(4, algorithm="arpack", tol=1e-12, random_state=0).fit(sparse)
    put(
        "svd", components=svd.components_, singular=svd.singular_values_, variance=svd.explained_variance_,
        ratio=svd.explained_variance_ratio_, transformed=svd.transform(sparse[:7]))

    centred = iris - iris.mean(0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(iris))
    put("zca", transformed=(centred @ (vectors / np.sqrt(values + 0.01)) @ vectors.T)[:9])

    parts = digits[:100]
    w, h = random.random((100, 6)), random.random((6, 64))
    put("nmf", w=w, h=h)
    model = nmf("nmf.cd", parts, w, h, max_iter=60, tol=0)
    put("nmf.cd", transformed=d.NMF(6, init="custom", max_iter=3000, tol=1e-12).fit(parts, W=w.copy(), H=h.copy()).transform(digits[100:110]))
    put("nmf.cd", converged=d.NMF(6, init="custom", max_iter=3000, tol=1e-12).fit(parts, W=w.copy(), H=h.copy()).components_)
    nmf("nmf.penalised", parts, w, h, max_iter=40, tol=0, alpha_W=0.02, alpha_H=0.05, l1_ratio=0.3)
    nmf("nmf.stopped", parts, w, h, max_iter=500, tol=1e-2)
    nmf("nmf.mu", parts, w, h, solver="mu", max_iter=40, tol=0)
    nmf("nmf.kl", parts, w, h, solver="mu", beta_loss="kullback-leibler", max_iter=40, tol=0)
    small = np.abs(sparse.toarray())
    nmf("nmf.sparse", small, w[:60], h[:, :40], solver="mu", beta_loss="kullback-leibler", max_iter=30, tol=0, alpha_W=1e-3)
    for start in ["nndsvd", "nndsvda"]:
        a, b = _initialize_nmf(parts, 6, start, random_state=0)
        put(f"nmf.{start}", weights=a, components=b)
    errors = [d.NMF(6, init="random", random_state=seed, max_iter=300).fit(parts).reconstruction_err_ for seed in range(10)]
    put("nmf.random", mean=np.mean(errors), deviation=np.std(errors))

    time = np.linspace(0, 8, 150)
    sources = np.c_[np.sin(2 * time), np.sign(np.sin(3 * time)), random.laplace(size=150)]
    mixed = sources @ np.array([[1, 1, 1], [0.5, 2, 1.0], [1.5, 1.0, 2.0]]).T + np.array([1, 2, 3])
    start = random.normal(size=(3, 3))
    goldens["ica.x"], goldens["ica.start"] = torch.as_tensor(mixed), torch.as_tensor(start)
    for algorithm in ["parallel", "deflation"]:
        for contrast in ["logcosh", "exp", "cube"]:
            ica = d.FastICA(3, algorithm=algorithm, fun=contrast, w_init=start, tol=1e-10, max_iter=500).fit(mixed)
            put(f"ica.{algorithm}.{contrast}", components=ica.components_, mixing=ica.mixing_)
    put("ica.plain", components=d.FastICA(2, whiten="arbitrary-variance", w_init=start[:2, :2], tol=1e-10).fit(mixed).components_)

    atoms = random.normal(size=(9, 12))
    atoms /= np.linalg.norm(atoms, axis=1, keepdims=True)
    signals = random.normal(size=(25, 9)) * (random.random((25, 9)) < 0.3) @ atoms + 0.05 * random.normal(size=(25, 12))
    goldens["coding.atoms"], goldens["coding.x"] = torch.as_tensor(atoms), torch.as_tensor(signals)
    lasso = d.SparseCoder(atoms, transform_algorithm="lasso_lars", transform_alpha=0.1).transform(signals)
    matching = d.SparseCoder(atoms, transform_algorithm="omp", transform_n_nonzero_coefs=3).transform(signals)
    put("coding", lasso=lasso, matching=matching)
    start = random.normal(size=(9, 12))
    start /= np.linalg.norm(start, axis=1, keepdims=True)
    code, learned, errors, _ = d.dict_learning(
        signals, 9, alpha=0.2, max_iter=200, tol=1e-10, method="lars", dict_init=start.copy(), code_init=np.zeros((25, 9)),
        return_n_iter=True)
    put("dictionary", start=start, errors=errors[:6], last=errors[-1])
    store(goldens, "classic_decomposition")
