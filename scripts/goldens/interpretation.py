"""Goldens for what is looked at in a model and its data: permutation importances, principal components and t-SNE, as scikit-learn has them.

Needs scikit-learn 1.9, and torch 2.15 (for the file). Writes Tests/Goldens/interpretation.safetensors; run it from anywhere:

    python scripts/goldens/interpretation.py

importance.*: x [80, 4] with columns that go together, weights [4], y [80, 1]; for R² and the negative MSE the means and standard deviations of
4,000 permutations of each column. components.*: x [30, 6]; of 3 principal components the vectors, the mean, the variances, and x in them.
neighbours.*: x [60, 5] in three groups, start [60, 2]; the places that t-SNE leads to: without exaggeration in 500 steps, with one of 4 in 250.
"""

import numpy as np
import torch
from sklearn.decomposition import PCA
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.manifold import TSNE
from store import store

generator = np.random.default_rng(11)
goldens = {}


def importances():
    x = generator.normal(size=(80, 4)) @ generator.normal(size=(4, 4)) + 1
    weights = np.array([2.0, -1.0, 0.0, 0.5])
    y = x @ weights + generator.normal(0, 0.5, 80)
    model = LinearRegression().fit(x, y)
    model.coef_, model.intercept_ = weights, 0.0
    goldens.update({"importance.x": x, "importance.weights": weights, "importance.y": y[:, None]})
    for name, scoring in [("R²", "r2"), ("MSE", "neg_mean_squared_error")]:
        found = permutation_importance(model, x, y, scoring=scoring, n_repeats=4000, random_state=1)
        goldens[f"importance.{name}.means"] = found.importances_mean
        goldens[f"importance.{name}.deviations"] = found.importances_std


def components():
    x = generator.normal(size=(30, 6)) @ generator.normal(size=(6, 6)) + generator.normal(size=6)
    found = PCA(3, svd_solver="full").fit(x)
    goldens.update({
        "components.x": x, "components.projected": found.transform(x), "components.vectors": found.components_,
        "components.mean": found.mean_, "components.variances": found.explained_variance_,
        "components.shares": found.explained_variance_ratio_})


def neighbours():
    x = generator.normal(size=(60, 5)) + 8 * np.repeat(np.eye(5)[:3], 20, axis=0)
    start = generator.normal(size=(60, 2)) * 1e-4
    goldens.update({"neighbours.x": x, "neighbours.start": start})
    # Slow enough not to be chaotic, where the last bits decide.
    for exaggeration, steps in [(1.0, 500), (4.0, 250)]:
        found = TSNE(
            perplexity=12, init=start, method="exact", max_iter=steps, n_iter_without_progress=2000, min_grad_norm=0, learning_rate=2.0,
            early_exaggeration=exaggeration)
        goldens[f"neighbours.places.{exaggeration}"] = found.fit_transform(x).astype(np.float64)


if __name__ == "__main__":
    importances()
    components()
    neighbours()
    store({name: torch.from_numpy(np.ascontiguousarray(x)) for name, x in goldens.items()}, "interpretation")
