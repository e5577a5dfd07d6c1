"""LightGBM's side of scoring.ts: scores all rows for each line on standard input, answers with a line of JSON."""

import json
import sys
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np

folder, n_rows, n_training, n_features, n_trees, max_leaves = Path(sys.argv[1]), *map(int, sys.argv[2:7])
table = np.ascontiguousarray(np.stack([np.fromfile(folder / f"x{j}.f32", np.float32) for j in range(n_features)], 1))
labels = np.fromfile(folder / "labels.f64", np.float64)
parameters = {
    "objective": "binary",
    "num_leaves": max_leaves,
    "learning_rate": 0.1,
    "min_data_in_leaf": 20,
    "num_threads": 1,
    "verbose": -1,
    "seed": 1,
}
model = lgb.train(parameters, lgb.Dataset(table[:n_training], labels), n_trees)
print(json.dumps({"version": lgb.__version__}), flush=True)
for line in sys.stdin:
    start = time.process_time()
    scores = model.predict(table, num_threads=1)
    cpu = 1000 * (time.process_time() - start)
    print(json.dumps({"cpu": cpu, "mean": float(scores.mean())}), flush=True)
