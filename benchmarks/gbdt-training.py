"""LightGBM's side of gbdt-training.ts: trains when told to by a line on standard input, answers with a line of JSON."""

import json
import sys
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np

folder, setting = Path(sys.argv[1]), json.loads(sys.argv[2])
n_features, threads = len(setting["cardinalities"]), setting["threads"]
categorical = [at for at, levels in enumerate(setting["cardinalities"]) if levels > 0]


def read(name, n):
    return np.ascontiguousarray(np.fromfile(folder / f"{name}.f32", np.float32).reshape(n_features, n).T)


train, test = read("train", setting["nTrain"]), read("test", setting["nTest"])
labels = np.fromfile(folder / "train.y", np.uint8)
data_parameters = {"max_bin": 255, "num_threads": threads, "verbose": -1, "bin_construct_sample_cnt": 200_000}
parameters = {
    "objective": setting["task"],
    "num_leaves": 31,
    "learning_rate": 0.1,
    "min_data_in_leaf": 20,
    "lambda_l2": 0.0,
    "max_bin": 255,
    "num_threads": threads,
    "verbose": -1,
    "seed": 1,
}
if setting["task"] == "multiclass":
    parameters["num_class"] = setting["nClasses"]
print(json.dumps({"version": lgb.__version__}), flush=True)
for line in sys.stdin:
    trees = int(line)
    wall, cpu = time.perf_counter(), time.process_time()
    data = lgb.Dataset(train, labels, params=data_parameters, categorical_feature=categorical)
    model = lgb.train(parameters, data, trees)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    model.predict(test, raw_score=True, num_threads=threads).astype(np.float64).tofile(folder / "scores.f64")
    print(json.dumps({"wall": 1000 * wall, "cpu": 1000 * cpu}), flush=True)
