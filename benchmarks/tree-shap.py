"""python shap's side of tree-shap.ts: trains LightGBM once, hands its trees and the rows over, then explains when told to.

Each line on standard input is JSON: a kind of explanation and a number of rows; each answer is a line of JSON too.
"""

import json
import sys
import time
from pathlib import Path

import lightgbm as lgb
import numpy as np
import shap

folder, threads = Path(sys.argv[1]), int(sys.argv[2])
N_TRAIN, N_ROWS, N_BACKGROUND, N_FEATURES = 100_000, 10_000, 100, 20

rng = np.random.default_rng(20)
X = rng.normal(size=(N_TRAIN + N_ROWS, N_FEATURES))
X[:, 3] = np.exp(X[:, 3])
X[:, 4] = rng.integers(0, 12, len(X))
X[:, 5] = np.round(X[:, 5], 1)
X[:, 6] = 0.8 * X[:, 0] + 0.6 * X[:, 6]
X[:, 7] = rng.random(len(X))
X = X.astype(np.float32)
margin = (
    1.2 * np.sin(2 * X[:, 0])
    + 0.9 * X[:, 1] * X[:, 2]
    + np.where(X[:, 4] > 5, 0.5 * np.log(X[:, 3]), 0)
    + np.where(X[:, 5] > 0.5, 0.7, 0)
    - 0.8 * np.abs(X[:, 6])
    + 1.5 * (X[:, 7] - 0.5) * X[:, 8]
    + 0.3 * X[:, 9]
    + 0.2 * X[:, 10] * X[:, 11] * X[:, 12]
    + 0.3
)
y = rng.random(len(X)) < 1 / (1 + np.exp(-margin))
parameters = {"objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "verbose": -1, "num_threads": threads, "seed": 1}
booster = lgb.train(parameters, lgb.Dataset(X[:N_TRAIN], y[:N_TRAIN]), 100)
rows = np.ascontiguousarray(X[N_TRAIN:])
background = np.ascontiguousarray(X[:N_BACKGROUND])


def float32_below(threshold):
    """For float32 values x <= threshold says the same as x <= this, which float32 and float64 can both hold."""
    rounded = np.float32(threshold)
    return float(rounded if float(rounded) <= threshold else np.nextafter(rounded, np.float32(-np.inf)))


def plain_tree(structure):
    """Flat arrays, parents before children."""
    tree = {key: [] for key in ("feature", "threshold", "left", "right", "default", "cover", "value")}

    def add(node):
        at = len(tree["feature"])
        leaf = "leaf_value" in node
        tree["feature"].append(-1 if leaf else node["split_feature"])
        tree["threshold"].append(0.0 if leaf else float32_below(node["threshold"]))
        tree["value"].append(node["leaf_value"] if leaf else 0.0)
        tree["cover"].append(node["leaf_count"] if leaf else node["internal_count"])
        for key in ("left", "right", "default"):
            tree[key].append(-1)
        if not leaf:
            assert node["decision_type"] == "<="
            tree["left"][at] = add(node["left_child"])
            tree["right"][at] = add(node["right_child"])
            tree["default"][at] = tree["left" if node["default_left"] else "right"][at]
        return at

    add(structure)
    return tree


trees = [plain_tree(info["tree_structure"]) for info in booster.dump_model()["tree_info"]]
(folder / "trees.json").write_text(json.dumps({"features": [f"f{i}" for i in range(N_FEATURES)], "n_outputs": 1, "base": [0.0], "trees": trees}))
rows.T.tofile(folder / "rows.f32")
background.T.tofile(folder / "background.f32")


def shap_model():
    def tree(t):
        a = {key: np.array(values) for key, values in t.items()}
        return {
            "children_left": a["left"],
            "children_right": a["right"],
            "children_default": a["default"],
            "features": np.where(a["feature"] < 0, -2, a["feature"]),
            "thresholds": a["threshold"],
            "values": a["value"].reshape(-1, 1),
            "node_sample_weight": a["cover"].astype(float),
        }

    return {
        "trees": [tree(t) for t in trees],
        "base_offset": 0.0,
        "tree_output": "raw_value",
        "objective": "binary_crossentropy",
        "input_dtype": np.float64,
        "internal_dtype": np.float64,
    }


path_dependent = shap.TreeExplainer(shap_model(), feature_perturbation="tree_path_dependent")
interventional = shap.TreeExplainer(
    shap_model(), data=background.astype(np.float64), feature_perturbation="interventional"
)
doubles = rows.astype(np.float64)
explain = {
    "path-dependent": lambda n: path_dependent.shap_values(doubles[:n], check_additivity=False),
    "interventional": lambda n: interventional.shap_values(doubles[:n], check_additivity=False),
    "interactions": lambda n: path_dependent.shap_interaction_values(doubles[:n]),
    # What shap calls itself where it is given the booster: LightGBM's own routine, here on all threads.
    "lightgbm": lambda n: booster.predict(rows[:n], pred_contrib=True, num_threads=threads)[:, :-1],
}
print(json.dumps({"shap": shap.__version__, "lightgbm": lgb.__version__}), flush=True)
for line in sys.stdin:
    question = json.loads(line)
    kind = question["kind"]
    wall, cpu = time.perf_counter(), time.process_time()
    values = explain[kind](question["rows"])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    np.ascontiguousarray(values, dtype=np.float64).tofile(folder / f"{kind}.f64")
    print(json.dumps({"wall": 1000 * wall, "cpu": 1000 * cpu}), flush=True)
