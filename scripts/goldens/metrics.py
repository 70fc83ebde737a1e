"""Goldens for the metrics, as scikit-learn has them (perplexity: as PyTorch's cross entropy has it).

Needs scikit-learn 1.9, torch 2.15, numpy 2.4 and safetensors 0.8. Writes Tests/Goldens/metrics.safetensors; run it from anywhere:

    python scripts/goldens/metrics.py

<case>.predictions and <case>.targets are what metrics are given, <case>/<metric> is what comes out: a scalar, or a number for each class. Cases
with few distinct scores have many ties; "absent" has a class without samples and one that is neither there nor predicted.
"""

import warnings

import numpy as np
import torch
from sklearn import metrics as m
from store import store

goldens = {}


def put(case, predictions, targets, **values):
    goldens[f"{case}.predictions"] = torch.as_tensor(predictions)
    goldens[f"{case}.targets"] = torch.as_tensor(targets)
    for name, value in values.items():
        goldens[f"{case}/{name}"] = torch.as_tensor(np.asarray(value, dtype=np.float64))


def softmax(logits):
    return torch.softmax(torch.as_tensor(logits), dim=1).numpy()


def labelled(case, predictions, targets, classes):
    """Predicted classes, or scores of which the highest counts."""
    predicted = predictions.argmax(axis=1) if predictions.ndim == 2 else predictions
    values = {
        "accuracy": m.accuracy_score(targets, predicted),
        "balanced accuracy": m.balanced_accuracy_score(targets, predicted),
        "Matthews correlation": m.matthews_corrcoef(targets, predicted),
        "Cohen's kappa": m.cohen_kappa_score(targets, predicted),
        "confusion": m.confusion_matrix(targets, predicted, labels=range(classes)),
    }
    for average in ["micro", "macro", "weighted"]:
        values[f"{average} precision"] = m.precision_score(targets, predicted, average=average, zero_division=0)
        values[f"{average} recall"] = m.recall_score(targets, predicted, average=average, zero_division=0)
        for beta in [0.5, 1, 2]:
            values[f"{average} F{beta}"] = m.fbeta_score(targets, predicted, beta=beta, average=average, zero_division=0)
    each = dict(labels=range(classes), average=None, zero_division=0)
    values["precisions"] = m.precision_score(targets, predicted, **each)
    values["recalls"] = m.recall_score(targets, predicted, **each)
    values["F2s"] = m.fbeta_score(targets, predicted, beta=2, **each)
    put(case, predictions, targets, **values)


def scored(case, scores, targets, are_logits=True):
    """Logits, or any other scores, [batch, classes]. Softmax breaks ties by rounding, so that scores with ties are taken as they are."""
    classes = scores.shape[1]
    values = {}
    for k in [1, 2, 3]:
        values[f"top-{k} accuracy"] = m.top_k_accuracy_score(targets, scores, k=k, labels=range(classes))
    p, truth = softmax(scores) if are_logits else scores, np.eye(classes)[targets]
    if are_logits:
        values["log loss"] = m.log_loss(targets, p, labels=range(classes))
    for average in ["micro", "macro", "weighted", None]:
        name = average or "each"
        values[f"{name} ROC AUC"] = m.roc_auc_score(truth, p, average=average)
        values[f"{name} average precision"] = m.average_precision_score(truth, p, average=average)
    put(case, scores, targets, **values)


def binary(case, scores, targets):
    values = {"ROC AUC": m.roc_auc_score(targets, scores), "average precision": m.average_precision_score(targets, scores)}
    if scores.min() >= 0 and scores.max() <= 1:
        values["log loss"] = m.log_loss(targets, scores, labels=[0, 1])
    put(case, scores, targets, **values)


def regression(case, predictions, targets):
    put(
        case, predictions, targets, **{
            "MAE": m.mean_absolute_error(targets, predictions), "MSE": m.mean_squared_error(targets, predictions),
            "RMSE": m.root_mean_squared_error(targets, predictions), "R²": m.r2_score(targets, predictions),
            "explained variance": m.explained_variance_score(targets, predictions)
        })


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.manual_seed(3)
    random = np.random.default_rng(3)
    targets = random.integers(0, 5, 300)
    labelled("labels", np.where(random.random(300) < 0.6, targets, random.integers(0, 5, 300)), targets, 5)
    labelled("labels.scores", random.normal(size=(200, 4)), random.integers(0, 4, 200), 4)
    labelled("labels.absent", random.choice([0, 1, 3], 60), random.choice([0, 2, 3, 3], 60), 6)
    labelled("labels.constant", np.full(9, 1), np.full(9, 1), 3)
    labelled("labels.constant_prediction", np.full(9, 1), np.array([0, 1, 2, 1, 1, 0, 0, 2, 1]), 3)
    labelled("labels.one", np.array([1]), np.array([0]), 3)

    scored("scores", random.normal(size=(250, 6)) * 2, random.integers(0, 6, 250))
    scored("scores.ties", random.integers(-1, 2, (120, 4)).astype(float), random.integers(0, 4, 120), are_logits=False)
    scored("scores.absent", random.normal(size=(40, 4)), random.choice([0, 1, 3], 40))

    binary("binary", random.random(400), random.integers(0, 2, 400))
    binary("binary.ties", random.integers(0, 5, 300) / 4, random.integers(0, 2, 300))
    binary("binary.rare", random.normal(size=500), (random.random(500) < 0.02).astype(int))
    binary("binary.equal", np.full(10, 0.5), np.arange(10) % 2)
    binary("binary.positive", np.array([0.2, 0.7, 0.7]), np.array([1, 1, 1]))
    binary("binary.negative", np.array([0.2, 0.7, 0.7]), np.array([0, 0, 0]))
    binary("binary.one", np.array([0.3]), np.array([1]))
    binary("binary.certain", np.array([0.0, 1.0, 1.0, 0.0]), np.array([0, 1, 0, 1]))

    p, truth = random.random((80, 3)), random.integers(0, 2, (80, 3))
    put(
        "multilabel", p, truth, **{
            f"{average or 'each'} {name}": score(truth, p, average=average)
            for average in ["micro", "macro", "weighted", None]
            for name, score in [("ROC AUC", m.roc_auc_score), ("average precision", m.average_precision_score)]
        })
    p = random.random((50, 3)) * random.integers(0, 2, (50, 3))
    put("probabilities", p, np.arange(50) % 3, **{"log loss": m.log_loss(np.arange(50) % 3, p, labels=[0, 1, 2])})

    targets = random.normal(size=200) * 3 + 1
    regression("regression", targets + random.normal(size=200), targets)
    regression("regression.far", 1e6 + targets + random.normal(size=200), 1e6 + targets)
    regression("regression.outputs", random.normal(size=(90, 3)) * [1, 10, 100], random.normal(size=(90, 3)) * [2, 9, 120])
    regression("regression.constant", random.normal(size=7), np.full(7, 0.125))
    regression("regression.constant_hit", np.full(7, 0.125), np.full(7, 0.125))
    regression("regression.constant_error", np.full(7, 3.5), np.full(7, 0.5))
    regression("regression.one", np.array([2.0]), np.array([1.5]))

    logits, tokens = torch.randn(6, 11, 8, dtype=torch.float64), torch.randint(0, 11, (6, 8))
    put("language", logits, tokens, perplexity=torch.nn.functional.cross_entropy(logits, tokens).exp())
    padded = tokens.clone()
    padded[::2, 5:] = -100
    put("language.padded", logits, padded, perplexity=torch.nn.functional.cross_entropy(logits, padded).exp())
    store(goldens, "metrics")
