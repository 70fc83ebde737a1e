"""Goldens for scalers, encoders, imputers and selections, as scikit-learn has them.

Needs scikit-learn 1.9, numpy 2.4, torch 2.15 and safetensors 0.8. Writes Tests/Goldens/classic_preparation.safetensors; run it from anywhere:

    python scripts/goldens/classic_preparation.py

x has skewed, tied and constant features; positive.x none that is 0 or less; missing.x holes; new.x are samples that were not in the fit. Iris' samples are in
classic_decomposition.safetensors.
"""

import warnings

import numpy as np
import torch
from sklearn import feature_selection as s
from sklearn import impute
from sklearn import preprocessing as p
from sklearn.datasets import load_iris, load_wine
from store import store

goldens = {}


def put(case, **values):
    for name, value in values.items():
        goldens[f"{case}/{name}"] = torch.as_tensor(np.ascontiguousarray(value))


def transformed(case, transformer, x, new):
    fitted = transformer.fit(x)
    result = fitted.transform(new)
    put(case, transformed=result.toarray() if hasattr(result, "toarray") else result)
    return fitted


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    random = np.random.default_rng(9)
    columns = [random.normal(3, 2, 60), random.lognormal(0, 1, 60), random.integers(0, 4, 60), np.full(60, 2.5), -random.exponential(2, 60)]
    x = np.stack(columns, axis=1)
    new = np.concatenate([x[:8], x[:6] * 1.7 - 0.4])
    positive = np.abs(x) + 0.01
    positive[:, 3] = random.lognormal(1, 0.5, 60)
    missing = np.where(random.random(x.shape) < 0.15, np.nan, x)
    missing[0] = np.nan
    for name, value in {"x": x, "new.x": new, "positive.x": positive, "missing.x": missing}.items():
        goldens[name] = torch.as_tensor(value)

    transformed("standard", p.StandardScaler(), x, new)
    transformed("minmax", p.MinMaxScaler((-1, 2)), x, new)
    transformed("minmax.clipped", p.MinMaxScaler(clip=True), x, new)
    transformed("maxabs", p.MaxAbsScaler(), x, new)
    transformed("robust", p.RobustScaler(), x, new)
    transformed("robust.wide", p.RobustScaler(quantile_range=(10, 80), unit_variance=True, with_centering=False), x, new)
    for norm in ["l1", "l2", "max"]:
        transformed(f"normalized.{norm}", p.Normalizer(norm), x, new)
    transformed("quantile", p.QuantileTransformer(n_quantiles=1000), x, new)
    transformed("quantile.normal", p.QuantileTransformer(n_quantiles=20, output_distribution="normal"), x, new)
    put("quantile.normal", inverse=p.QuantileTransformer(n_quantiles=20, output_distribution="normal").fit(x).inverse_transform(
        np.linspace(-2, 2, 45).reshape(9, 5)))
    power = transformed("power", p.PowerTransformer(), x, new)
    put("power", exponents=power.lambdas_)
    power = transformed("power.boxcox", p.PowerTransformer("box-cox", standardize=False), positive, positive[:14])
    put("power.boxcox", exponents=power.lambdas_)
    for strategy in ["uniform", "quantile", "kmeans"]:
        options = dict(quantile_method="linear") if strategy == "quantile" else {}
        bins = transformed(f"bins.{strategy}", p.KBinsDiscretizer(4, encode="ordinal", strategy=strategy, **options), x, new)
        put(f"bins.{strategy}", inverse=bins.inverse_transform(bins.transform(new)), counts=bins.n_bins_.astype(np.int64))
    transformed("bins.onehot", p.KBinsDiscretizer(4, encode="onehot-dense", strategy="uniform"), x, new)

    groups = x[:, [2]].astype(int)
    codes = np.concatenate([groups, (groups * 7 + np.arange(60)[:, None]) % 5 * 3 - 1, np.arange(60)[:, None] % 2], axis=1)
    strange = np.concatenate([codes[:5], [[9, -1, 0], [1, 100, 1]]])
    goldens["codes.x"], goldens["strange.x"] = torch.as_tensor(codes), torch.as_tensor(strange)
    for drop in [None, "first", "if_binary"]:
        transformed(f"onehot.{drop or 'none'}", p.OneHotEncoder(drop=drop, handle_unknown="ignore"), codes, strange)
    transformed("ordinal", p.OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-9), codes, strange)
    target = x[:, 0] + groups[:, 0]
    goldens["target.y"] = torch.as_tensor(target)
    transformed_target = lambda m: p.TargetEncoder(smooth=m, target_type="continuous").fit(codes, target).transform(strange)
    put("target", automatic=transformed_target("auto"), smoothed=transformed_target(3.0))

    for strategy in ["mean", "median", "most_frequent"]:
        transformed(f"imputed.{strategy}", impute.SimpleImputer(strategy=strategy), missing, missing)
    transformed("imputed.indicated", impute.SimpleImputer(strategy="constant", fill_value=-1, add_indicator=True), missing, missing)
    # Of samples at equal distances any may be taken: wine has none.
    holes = load_wine().data[::2]
    holes = np.where(random.random(holes.shape) < 0.1, np.nan, holes)
    goldens["holes.x"] = torch.as_tensor(holes)
    transformed("imputed.nearest", impute.KNNImputer(n_neighbors=3), holes, holes)
    transformed("imputed.weighted", impute.KNNImputer(n_neighbors=4, weights="distance"), holes[:60], holes[60:])

    iris, wine = load_iris(), load_wine()
    for name, data in {"iris": iris, "wine": wine}.items():
        goldens[f"{name}.y"] = torch.as_tensor(data.target.astype(np.uint8))
        put(
            f"scores.{name}", anova=s.f_classif(data.data, data.target)[0], chi=s.chi2(data.data, data.target)[0],
            regression=s.f_regression(data.data, data.target)[0])
    goldens["wine.x"] = torch.as_tensor(wine.data)
    whole = np.round(iris.data).astype(int)
    put("scores.iris", information=s.mutual_info_classif(whole, iris.target, discrete_features=True))
    put("scores.wine", selected=np.flatnonzero(s.SelectKBest(k=5).fit(wine.data, wine.target).get_support()))
    put("variance", selected=np.flatnonzero(s.VarianceThreshold(0.5).fit(iris.data).get_support()))
    store(goldens, "classic_preparation")
