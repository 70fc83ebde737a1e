"""Goldens for tables: what pandas and scikit-learn make of the same columns, for the tests in TablesTests and DataPipelinesTests.

Needs torch 2.15 (for the file), pandas 3 and scikit-learn 1.9. Writes Tests/Goldens/tables.safetensors; run it from anywhere:

    python scripts/goldens/tables.py

Categories are stored as numbers: number k stands for the level `l0k`, −1 for a missing one.
"""

import numpy as np
import pandas as pd
import torch
from sklearn import model_selection
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OrdinalEncoder, QuantileTransformer, StandardScaler, TargetEncoder
from store import store

generator = np.random.default_rng(5)
goldens = {}


def numbers(rows):
    """Skewed, with ties, and constant; some missing in the first two."""
    x = np.stack([generator.exponential(3, rows), np.round(generator.normal(0, 2, rows)), np.full(rows, 0.1)], 1)
    x[generator.random(rows) < 0.2, 0] = np.nan
    x[generator.random(rows) < 0.1, 1] = np.nan
    return x


def preparations():
    # 64 steps are exact in binary: else rounding tells apart quantiles that are equal.
    train, new = numbers(65), numbers(20) * 1.5
    goldens["train"], goldens["new"] = train, new
    for strategy in ["mean", "median", "most_frequent"]:
        imputer = SimpleImputer(strategy=strategy, add_indicator=True).fit(train)
        filled, others = imputer.transform(train), imputer.transform(new)
        for name, scaler in [
            ("standard", StandardScaler()),
            ("quantiles", QuantileTransformer(n_quantiles=65, output_distribution="normal", subsample=None)),
        ]:
            scaler.fit(filled[:, :3])
            for kind, x in [("train", filled), ("new", others)]:
                goldens[f"{strategy}.{name}.{kind}"] = np.concatenate([scaler.transform(x[:, :3]), x[:, 3:]], 1)
            if strategy == "median":
                z = np.linspace(-3, 3, 21)
                goldens[f"inverse.{name}"] = scaler.inverse_transform(np.stack([z, z, z], 1))
    goldens["inverse.z"] = np.linspace(-3, 3, 21)


def categories():
    train, new = generator.integers(-1, 12, 60), generator.integers(-1, 15, 20)
    goldens["categories.train"], goldens["categories.new"] = train, new
    present = train[train >= 0]

    def levels(codes):
        return np.array([f"l{code:02}" for code in codes])[:, None]

    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(levels(present))
    goldens["categories.encoded"] = encoder.transform(levels(new))[:, 0].astype(np.int64) + 1


def descriptions():
    described = pd.DataFrame(goldens["train"]).describe()
    goldens["describe"] = described.to_numpy()


def dates():
    seconds = generator.integers(-3_000_000_000, 4_000_000_000, 50)
    goldens["dates.seconds"] = seconds
    times = pd.to_datetime(pd.Series(seconds), unit="s").dt
    parts = [
        times.year, times.quarter, times.month, times.day, times.weekday, times.dayofyear, times.hour, times.is_month_start,
        times.is_month_end]
    goldens["dates.parts"] = np.stack([part.to_numpy().astype(np.int64) for part in parts], 1)


def splits():
    classes = np.concatenate([generator.integers(0, 3, 45), np.full(9, 3)])
    generator.shuffle(classes)
    groups = generator.integers(0, 11, 54)
    goldens["splits.classes"], goldens["splits.groups"] = classes, groups
    x = np.zeros((54, 1))

    def folds(splitter):
        """For each row the fold in which it is tested."""
        fold = np.full(54, -1)
        for number, (_, test) in enumerate(splitter.split(x, classes, groups)):
            fold[test] = number
        return fold

    for count in [2, 5]:
        goldens[f"splits.plain.{count}"] = folds(model_selection.KFold(count))
        goldens[f"splits.stratified.{count}"] = folds(model_selection.StratifiedKFold(count))
        goldens[f"splits.grouped.{count}"] = folds(model_selection.GroupKFold(count))
        goldens[f"splits.time.{count}"] = folds(model_selection.TimeSeriesSplit(count))


def means():
    """Of the categories, by targets of numbers, of two classes and of three, with three smoothings."""
    train, new = (np.array([f"l{code:02}" for code in goldens[f"categories.{part}"]])[:, None] for part in ["train", "new"])
    targets = {"number": generator.normal(10, 3, 60), "two": generator.integers(0, 2, 60), "three": generator.integers(0, 3, 60)}
    for name, y in targets.items():
        goldens[f"means.{name}"] = y
        for smoothing in [0.0, 1.0, 7.5]:
            encoder = TargetEncoder(smooth=smoothing, target_type="continuous" if name == "number" else "auto").fit(train, y)
            goldens[f"means.{name}.{smoothing}"] = encoder.transform(np.concatenate([train, new]))


for part in [preparations, categories, descriptions, dates, splits, means]:
    part()
store({name: torch.from_numpy(np.ascontiguousarray(x)) for name, x in goldens.items()}, "tables")
