"""Goldens for FromScratch, as scikit-learn has them, on its wine data: 178 samples, 13 features brought to mean 0 and deviation 1.

Needs scikit-learn 1.9, numpy 2.4, torch 2.15 and safetensors 0.8. Writes Tests/Goldens/from_scratch.safetensors; run it from anywhere:

    python scripts/goldens/from_scratch.py

Iterative solvers run until nothing changes. Every third sample is held back from the nearest neighbours, and asked about.
"""

import numpy as np
import torch
from sklearn.datasets import load_wine
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC, LinearSVC
from store import store

x, labels = load_wine(return_X_y=True)
x = (x - x.mean(axis=0)) / x.std(axis=0)
goldens = {"x": torch.as_tensor(x), "labels": torch.as_tensor(labels, dtype=torch.uint8)}


def put(name, value):
    goldens[name] = torch.as_tensor(np.ascontiguousarray(value, dtype=np.float64))


# The last feature from the others.
regression = LinearRegression().fit(x[:, :-1], x[:, -1])
put("linear/w", regression.coef_)
put("linear/b", regression.intercept_)

held = np.arange(len(x)) % 3 == 0
for k in [1, 5, 8]:
    neighbours = KNeighborsClassifier(k, algorithm="brute").fit(x[~held], labels[~held])
    put(f"neighbours/{k}", neighbours.predict_proba(x[held]))

# Its C is 1/(n·penalty).
softmax = LogisticRegression(C=1 / (0.01 * len(x)), tol=1e-12, max_iter=100_000, solver="newton-cg").fit(x, labels)
put("softmax/w", softmax.coef_.T)
put("softmax/b", softmax.intercept_)

machine = LinearSVC(C=0.05, tol=1e-12, max_iter=10_000_000).fit(x, labels)
w = np.vstack([machine.coef_.T, machine.intercept_])
signs = np.where(labels[:, None] == np.arange(3), 1, -1)
missing = np.maximum(0, 1 - signs * (np.hstack([x, np.ones((len(x), 1))]) @ w))
put("machine/w", w)
put("machine/objective", [0.5 * np.sum(w**2) + 0.05 * np.sum(missing**2)])

# The second wine against the others.
signs = np.where(labels == 1, 1, -1)
kernel = SVC(C=1, gamma=0.05, tol=1e-12).fit(x, signs)
weights = np.zeros(len(x))
weights[kernel.support_] = kernel.dual_coef_[0]
gram = np.exp(-0.05 * np.square(x[:, None] - x).sum(axis=2))
put("kernel/scores", kernel.decision_function(x))
put("kernel/objective", [0.5 * weights @ gram @ weights - np.abs(weights).sum()])
goldens["kernel/support"] = torch.as_tensor(weights != 0).to(torch.uint8)

store(goldens, "from_scratch")
