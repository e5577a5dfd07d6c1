"""LightGBM's side of memory.ts: trains once and tells its peak memory."""

import json
import resource
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np

folder, n_rows, n_features, n_trees = Path(sys.argv[1]), *map(int, sys.argv[2:5])
table = np.empty((n_rows, n_features), np.float32)
for j in range(n_features):
    table[:, j] = np.fromfile(folder / f"x{j}.f32", np.float32)
labels = np.fromfile(folder / "labels.f64", np.float64)
before = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
parameters = {
    "objective": "binary",
    "num_leaves": 31,
    "learning_rate": 0.1,
    "min_data_in_leaf": 20,
    "num_threads": 1,
    "verbose": -1,
}
lgb.train(parameters, lgb.Dataset(table, labels), n_trees)
peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"version": lgb.__version__, "peak": peak, "before": before}))
