"""Goldens for texts as features, model selection, composition and calibration, as scikit-learn has them.

Needs scikit-learn 1.9, numpy 2.4, torch 2.15 (to write) and safetensors 0.8. Writes Tests/Goldens/classic_selection.safetensors; run it from anywhere:

    python scripts/goldens/classic_selection.py

texts/<case>.* are matrices as rows' starts, columns and values, and .terms the columns' terms, as UTF-8 with a line break behind each. The texts and the
settings of the cases stand in Tests/ClassicMLTests/Text/TextGoldens.swift too.
"""

import warnings

import numpy as np
import torch
from sklearn import calibration, datasets, isotonic, linear_model, metrics, model_selection, pipeline, preprocessing
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


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    texts()
    store(goldens, "classic_selection")
