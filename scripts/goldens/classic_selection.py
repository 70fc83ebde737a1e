"""Goldens for texts as features, model selection, composition and calibration, as scikit-learn has them.

Needs scikit-learn 1.9, numpy 2.4, torch 2.15 (to write) and safetensors 0.8. Writes Tests/Goldens/classic_selection.safetensors; run it from anywhere:

    python scripts/goldens/classic_selection.py

texts/<case>.* are matrices as rows' starts, columns and values, and .terms the columns' terms, as UTF-8 with a line break behind each. The texts and the
settings of the cases stand in Tests/ClassicMLTests/Text/TextGoldens.swift too. The classifier of the other cases is least squares to ±1, which is
RidgeClassifier without a penalty.
"""

import warnings

import numpy as np
import torch
from sklearn import calibration, datasets, isotonic, linear_model, model_selection, pipeline, preprocessing
from sklearn.feature_extraction import text as t
from store import store

goldens = {}

TEXTS = [
    "The film was good; a very good film indeed!", "Don't see it -- it's bad, BAD, bad...", "",
    "Naïve café-goers paid 3 € for ½ a coffee_to_go at № 12", "ΟΔΥΣΣΕΥΣ και ΣΟΦΟΣ: Σ σ ΑΣ.", "İstanbul'da ÇİÇEK ve IŞIK",
    "東京は日本の首都です。 京都 も 1２３", "हिन्दी में लिखा है", "one  two\t\tthree\n four\u00a0\u2003five \x1c six",
    "x y z single letters", "the the the the", "Ǆungla ǈubav ẞ straße Ⓐ ⅷ ² x² 𝔘nicode 𝟙𝟚 😀 smile", "good film good film good film",
]


def put(name, value):
    goldens[name] = torch.as_tensor(np.ascontiguousarray(value))


def matrix(case, vectorizer):
    x = vectorizer.fit_transform(TEXTS).tocsr()
    x.sort_indices()
    put(f"texts/{case}.starts", x.indptr.astype(np.int64))
    put(f"texts/{case}.columns", x.indices.astype(np.int32))
    put(f"texts/{case}.values", x.data.astype(np.float64))
    if hasattr(vectorizer, "get_feature_names_out"):
        terms = "".join(term + "\n" for term in vectorizer.get_feature_names_out() if "\n" not in term)
        put(f"texts/{case}.terms", np.frombuffer(terms.encode(), dtype=np.uint8).copy())


def texts():
    matrix("counts", t.CountVectorizer())
    matrix("ngrams", t.CountVectorizer(ngram_range=(1, 3), stop_words=["the", "a", "it"]))
    matrix("case", t.CountVectorizer(lowercase=False, token_pattern=r"(?u)\b\w+\b"))
    matrix("frequencies", t.CountVectorizer(min_df=2, max_df=0.3, binary=True))
    matrix("features", t.CountVectorizer(max_features=3))
    matrix("characters", t.CountVectorizer(analyzer="char", ngram_range=(2, 3)))
    matrix("charactersInWords", t.CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)))
    matrix("vocabulary", t.CountVectorizer(vocabulary=["good film", "bad", "film"], ngram_range=(1, 2)))
    matrix("tfidf", t.TfidfVectorizer())
    matrix("tfidf.sublinear", t.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, smooth_idf=False, norm="l1"))
    matrix("tfidf.plain", t.TfidfVectorizer(use_idf=False, norm=None))
    matrix("hashing", t.HashingVectorizer(n_features=64))
    matrix("hashing.pairs", t.HashingVectorizer(n_features=50, ngram_range=(1, 2), norm=None, alternate_sign=False))


def least_squares():
    return linear_model.RidgeClassifier(alpha=0, solver="svd")


def selection(wine, diabetes):
    x, y = wine
    for name in ["accuracy", "balanced_accuracy", "f1_macro", "f1_weighted"]:
        put(f"scores/wine.{name}", model_selection.cross_val_score(least_squares(), x, y, scoring=name))
    for name in ["roc_auc", "average_precision", "f1", "matthews_corrcoef"]:
        put(f"scores/binary.{name}", model_selection.cross_val_score(least_squares(), x[:, :3], y == 1, scoring=name))
    x, y = diabetes
    model = linear_model.LinearRegression()
    for name in ["r2", "neg_mean_squared_error", "neg_root_mean_squared_error", "neg_mean_absolute_error"]:
        put(f"scores/diabetes.{name}", model_selection.cross_val_score(model, x, y, scoring=name))
    put("selection/predictions", model_selection.cross_val_predict(model, x, y))
    chain = pipeline.Pipeline([("first", preprocessing.StandardScaler()), ("last", linear_model.LinearRegression())])
    grid = {"first__with_mean": [True, False], "last__fit_intercept": [False, True]}
    put("selection/grid", model_selection.GridSearchCV(chain, grid).fit(x + 1, y).cv_results_["mean_test_score"])
    sizes, train, test = model_selection.learning_curve(model, x, y, train_sizes=[0.1, 0.5, 1.0])
    put("selection/curve.sizes", sizes)
    put("selection/curve.training", train)
    put("selection/curve.validation", test)


def calibrations(wine):
    x, y = wine
    for method in ["sigmoid", "isotonic"]:
        for name, samples, truth in [("wine", x, y), ("binary", x[:, :3], (y == 1).astype(int))]:
            model = calibration.CalibratedClassifierCV(least_squares(), method=method, cv=5).fit(samples, truth)
            p = model.predict_proba(samples)
            put(f"calibration/{name}.{method}", p)
            if name == "binary":
                for strategy in ["uniform", "quantile"]:
                    observed, predicted = calibration.calibration_curve(truth, p[:, 1], n_bins=7, strategy=strategy)
                    put(f"calibration/{method}.{strategy}", np.stack([predicted, observed]))
    random = np.random.default_rng(5)
    x, z = random.integers(0, 30, 80) / 3, np.linspace(-1, 11, 50)
    y = np.sin(x / 3) + random.normal(size=80) * 0.3
    put("isotonic/x", x)
    put("isotonic/y", y)
    put("isotonic/grid", z)
    put("isotonic/increasing", isotonic.IsotonicRegression(out_of_bounds="clip").fit(x, y).predict(z))
    falling = isotonic.IsotonicRegression(increasing=False, y_min=-0.1, y_max=0.4, out_of_bounds="clip")
    put("isotonic/decreasing", falling.fit(x, y).predict(z))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    texts()
    wine, diabetes = datasets.load_wine(return_X_y=True), datasets.load_diabetes(return_X_y=True)
    for name, (x, y) in {"wine": wine, "diabetes": diabetes}.items():
        put(f"{name}.x", x)
        put(f"{name}.y", y)
    selection(wine, diabetes)
    calibrations(wine)
    store(goldens, "classic_selection")
