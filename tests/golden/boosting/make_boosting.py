"""What LightGBM predicts for each objective, with class weights and with monotone columns, on a small table.

    python3 make_boosting.py > boosting.json      (LightGBM 4.7.0, numpy 2)

Features have few values, so that both programs have the same bins.
"""
import json

import lightgbm as lgb
import numpy as np

rng = np.random.default_rng(2)
N = 600
X = rng.integers(0, 24, size=(N, 4)).astype(float)
missing = rng.random(X.shape) < 0.05
missing[:, 3] = False
X[missing] = np.nan
signal = np.sin(np.nan_to_num(X[:, 0], nan=5) / 4) + 0.08 * np.nan_to_num(X[:, 1], nan=3) - 0.05 * X[:, 3]
number = 10 * signal + rng.standard_t(3, N)
count = rng.poisson(np.exp(0.6 * signal)).astype(float)
binary = (signal + 0.5 * rng.normal(size=N) > 1).astype(float)
# Uneven, so that no two splits are equally good.
weights = rng.uniform(0.2, 0.9, N).astype(np.float32).astype(float)
targets = dict(number=number, count=count, binary=binary)
cases = []


# Rows in a leaf are guessed from hessians, each program rounding in its own way: where those differ there is no limit.
FREE = dict(minRowsInLeaf=0)
FREE_THERE = dict(min_data_in_leaf=0)


def add(target, ours, theirs, weighted=False):
    parameters = dict(num_leaves=8, learning_rate=0.1, min_data_in_bin=1, max_bin=255, verbose=-1,
                      num_threads=1, deterministic=True, force_row_wise=True, seed=1, enable_bundle=False, **{"min_data_in_leaf": 20, **theirs})
    data = lgb.Dataset(X, targets[target], weight=weights if weighted else None)
    answers = lgb.train(parameters, data, 20).predict(X)
    cases.append(dict(target=target, parameters=dict(nTrees=20, maxLeaves=8, **ours), weighted=weighted,
                      answers=answers.tolist()))


for weighted in (False, True):
    add("number", FREE if weighted else dict(), dict(objective="regression", **(FREE_THERE if weighted else dict())), weighted)
    add("number", dict(objective="huber", huberDelta=0.5), dict(objective="huber", alpha=0.5 * number.std()), False)
    add("count", dict(objective="poisson", **FREE), dict(objective="poisson", **FREE_THERE), weighted)
    add("binary", FREE, dict(objective="binary", **FREE_THERE), weighted)
add("number", dict(objective="absolute", **FREE), dict(objective="regression_l1", **FREE_THERE))
add("number", dict(objective="quantile", quantile=0.8, **FREE), dict(objective="quantile", alpha=0.8, **FREE_THERE))
add("number", dict(monotone=json.dumps({"f1": 1, "f3": -1})),
    dict(objective="regression", monotone_constraints=[0, 1, 0, -1], monotone_constraints_method="basic"))
add("binary", dict(monotone=json.dumps({"f1": 1, "f3": -1}), **FREE),
    dict(objective="binary", **FREE_THERE, monotone_constraints=[0, 1, 0, -1], monotone_constraints_method="basic"))

rows = [[None if np.isnan(v) else v for v in row] for row in X]
print(json.dumps(dict(rows=rows, weights=weights.tolist(), targets={k: v.tolist() for k, v in targets.items()}, cases=cases)))
