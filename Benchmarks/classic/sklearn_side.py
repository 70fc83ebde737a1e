"""scikit-learn's side of a row: fits on the same files, and prints its seconds, its peak memory and its quality as a line of JSON.

    python sklearn_side.py ROW FOLDER THREADS
"""

import json
import resource
import sys
import time
import warnings
from pathlib import Path

import numpy as np

ROW, FOLDER, THREADS = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])


def mnist(part, count=None):
    return np.load(FOLDER / f"mnist.{part}.x.npy")[:count], np.load(FOLDER / f"mnist.{part}.y.npy")[:count]


def texts(part):
    return (FOLDER / f"imdb.{part}.txt").read_text().split("\n")[:-1], np.load(FOLDER / f"imdb.{part}.y.npy")


def knn():
    from sklearn.neighbors import KNeighborsClassifier

    (x, y), (test, truth) = mnist("train"), mnist("test")
    return lambda: KNeighborsClassifier(3, algorithm="brute").fit(x, y).predict(test), lambda found: (found == truth).mean()


def kmeans():
    from sklearn.cluster import KMeans

    x, _ = mnist("train")
    return lambda: KMeans(10, init=x[:10], n_init=1, max_iter=30, tol=0, algorithm="lloyd").fit(x), lambda found: found.inertia_


def pca():
    from sklearn.decomposition import PCA

    x, _ = mnist("train")
    return lambda: PCA(50, random_state=0).fit(x), lambda found: found.explained_variance_.sum()


def logistic():
    from sklearn.linear_model import LogisticRegression

    x, y = mnist("train")

    def objective(model):
        logits = x.astype(np.float64) @ model.coef_.T + model.intercept_
        logits -= logits.max(axis=1, keepdims=True)
        losses = np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y]
        return losses.sum() + 0.5 * (model.coef_.astype(np.float64) ** 2).sum()

    return lambda: LogisticRegression(max_iter=100).fit(x, y), objective


def linear_svm():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    (train, y), (test, truth) = texts("train"), texts("test")
    vectoriser = TfidfVectorizer().fit(train)
    x, test = vectoriser.transform(train), vectoriser.transform(test)
    return lambda: LinearSVC(random_state=0).fit(x, y), lambda model: model.score(test, truth)


def rbf_svm():
    from sklearn.svm import SVC

    (x, y), (test, truth) = mnist("train", 10_000), mnist("test")
    return lambda: SVC(C=5).fit(x, y).predict(test), lambda found: (found == truth).mean()


def forest():
    from sklearn.ensemble import RandomForestClassifier

    (x, y), (test, truth) = mnist("train"), mnist("test")
    return lambda: RandomForestClassifier(100, n_jobs=THREADS, random_state=0).fit(x, y), lambda model: model.score(test, truth)


def boosting():
    from sklearn.ensemble import HistGradientBoostingClassifier

    x, y = np.load(FOLDER / "generated.x.npy"), np.load(FOLDER / "generated.y.npy")
    n = 200_000
    return (
        lambda: HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=0).fit(x[:n], y[:n]),
        lambda model: model.score(x[n:], y[n:]))


def tsne():
    from sklearn.manifold import TSNE

    x = np.load(FOLDER / "mnist50.npy")
    return lambda: TSNE(init="pca", n_jobs=THREADS, random_state=0).fit(x), lambda found: found.kl_divergence_


def nmf():
    from sklearn.decomposition import NMF

    x, _ = mnist("train", 10_000)
    return lambda: NMF(20, init="nndsvda", max_iter=100, tol=0).fit(x), lambda found: found.reconstruction_err_


def tfidf():
    from sklearn.feature_extraction.text import TfidfVectorizer

    train, _ = texts("train")
    return lambda: TfidfVectorizer().fit_transform(train), lambda found: found.nnz


warnings.simplefilter("ignore")
work, quality = globals()[ROW.replace("-", "_")]()
start = time.perf_counter()
result = work()
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "memory": peak, "quality": float(quality(result))}))
