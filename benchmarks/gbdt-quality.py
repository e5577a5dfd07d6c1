"""LightGBM's side of gbdt-quality.ts: for each line of JSON on standard input trains on the rows of a folder and writes
its raw scores of the test rows there."""

import json
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np

print(json.dumps({"version": lgb.__version__}), flush=True)
for line in sys.stdin:
    task = json.loads(line)
    folder = Path(task["folder"])

    def read(name):
        values = np.fromfile(folder / f"{name}.f32", np.float32).reshape(len(task["cardinalities"]), -1)
        return np.ascontiguousarray(values.T)

    categorical = [at for at, levels in enumerate(task["cardinalities"]) if levels > 0]
    parameters = {
        "objective": task["objective"],
        "num_leaves": 31,
        "learning_rate": 0.1,
        "min_data_in_leaf": 20,
        "max_bin": 255,
        "num_threads": 1,
        "verbose": -1,
        "seed": 1,
        "feature_pre_filter": False,
    }
    if task["objective"] == "multiclass":
        parameters["num_class"] = task["nClasses"]
    labels = np.fromfile(folder / "train.f64", np.float64)
    data = lgb.Dataset(read("train"), labels, params={"max_bin": 255, "verbose": -1}, categorical_feature=categorical)
    model = lgb.train(parameters, data, task["nTrees"])
    model.predict(read("test"), raw_score=True, num_threads=1).astype(np.float64).tofile(folder / "scores.f64")
    print(json.dumps({}), flush=True)
