"""Explanations by python shap of small models, with the models' trees.

python3 make_shap.py > shap.json      (shap 0.51.0, lightgbm 4.7.0, scikit-learn 1.7.2, numpy 2)

Path-dependent values and interactions are TreeExplainer's. Interventional values are ExactExplainer's, which asks the
model itself about every coalition: TreeExplainer's own interventional routine works in float32.
"""
import json
import sys

import lightgbm as lgb
import numpy as np
import shap
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(5)
N_FEATURES, N_ROWS, N_BACKGROUND = 6, 10, 15
X = rng.normal(size=(600, N_FEATURES)).round(2)
X[:, 2] = rng.integers(0, 7, 600)
X[:, 4] = X[:, 0] + X[:, 4] / 4
X = X.astype(np.float32).astype(float)
score = X[:, 0] * X[:, 1] + np.where(np.isin(X[:, 2], [1, 4, 6]), 1.0, -0.5) + np.sin(2 * X[:, 3]) + X[:, 4]
number = score + rng.normal(size=600) / 4
binary = (number > 0).astype(int)
three = np.digitize(number, [-0.7, 0.9])
with_missing = X.copy()
with_missing[rng.random(X.shape) < 0.1] = np.nan
rows, background = slice(0, N_ROWS), slice(100, 100 + N_BACKGROUND)


def float32_below(threshold):
    """For float32 values x <= threshold says the same as x <= this."""
    rounded = np.float32(threshold)
    return float(rounded if float(rounded) <= threshold else np.nextafter(rounded, np.float32(-np.inf)))


def lightgbm_tree(structure, output):
    tree = {key: [] for key in ("feature", "threshold", "left", "right", "default", "cover", "value", "categories")}

    def add(node):
        at, leaf = len(tree["feature"]), "leaf_value" in node
        categorical = not leaf and node["decision_type"] == "=="
        tree["feature"].append(-1 if leaf else node["split_feature"])
        tree["threshold"].append(0.0 if leaf or categorical else float32_below(node["threshold"]))
        tree["categories"].append([int(code) for code in node["threshold"].split("||")] if categorical else None)
        tree["value"].append(node["leaf_value"] if leaf else 0.0)
        tree["cover"].append(node["leaf_count"] if leaf else node["internal_count"])
        for key in ("left", "right", "default"):
            tree[key].append(-1)
        if not leaf:
            assert categorical or node["missing_type"] == "NaN" or not np.isnan(with_missing[:, node["split_feature"]]).any()
            tree["left"][at], tree["right"][at] = add(node["left_child"]), add(node["right_child"])
            goes_left = node["default_left"] and not categorical
            tree["default"][at] = tree["left" if goes_left else "right"][at]
        return at

    add(structure)
    return {"output": output, **tree}


def sklearn_tree(tree, value):
    leaf = tree.children_left < 0
    return {
        "feature": np.where(leaf, -1, tree.feature).tolist(),
        "threshold": np.where(leaf, 0.0, tree.threshold).tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "default": tree.children_left.tolist(),
        "cover": tree.weighted_n_node_samples.tolist(),
        "value": value.tolist(),
    }


def outputs_last(values):
    values = np.asarray(values)
    return values[..., None] if values.ndim == 2 else values


def case(name, x, trees, base, raw, path_dependent, interactions=None, expected=None):
    exact = shap.explainers.Exact(raw, shap.maskers.Independent(x[background], max_samples=N_BACKGROUND))
    expected = np.ravel(path_dependent.expected_value if expected is None else expected)
    values = np.moveaxis(outputs_last(path_dependent.shap_values(x[rows], check_additivity=False)), 2, 1)
    against = np.moveaxis(outputs_last(exact(x[rows]).values), 2, 1)
    result = {
        "name": name,
        "trees": {"features": [f"f{i}" for i in range(N_FEATURES)], "n_outputs": values.shape[1], "base": base, "trees": trees},
        "x": blank(x[rows]),
        "background": blank(x[background]),
        "expected": expected.tolist(),
        "path_dependent": values.tolist(),
        "interventional": against.tolist(),
    }
    if interactions is not None:
        together = np.asarray(interactions)
        result["interactions"] = (np.moveaxis(together, 3, 1) if together.ndim == 4 else together[:, None]).tolist()
    return result


def blank(x):
    return [[None if np.isnan(v) else v for v in row] for row in x.tolist()]


def lightgbm_case(name, x, y, parameters, categorical, n_classes):
    settings = {"num_leaves": 8, "learning_rate": 0.3, "min_data_in_leaf": 10, "min_data_per_group": 10, "cat_smooth": 1,
                "max_cat_to_onehot": 1, "verbose": -1, "seed": 1, "num_threads": 1, "deterministic": True, **parameters}
    booster = lgb.train(settings, lgb.Dataset(x, y, categorical_feature=categorical), 6)
    trees = [lightgbm_tree(info["tree_structure"], k % n_classes) for k, info in enumerate(booster.dump_model()["tree_info"])]
    assert not categorical or any(c for tree in trees for c in tree["categories"])
    explainer = shap.TreeExplainer(booster)
    # shap leaves classes and categories out of LightGBM's interactions, and classes out of its base.
    interactions = None if categorical or n_classes > 1 else explainer.shap_interaction_values(x[rows])
    expected = booster.predict(x[:1], pred_contrib=True).reshape(n_classes, -1)[:, -1]
    raw = lambda z: booster.predict(z, raw_score=True)
    return case(name, x, trees, [0.0] * n_classes, raw, explainer, interactions, expected)


def stored():
    yield lightgbm_case("LightGBM, two classes, categories and missing values", with_missing, binary,
                        {"objective": "binary"}, [2], 1)
    yield lightgbm_case("LightGBM, regression, missing values", with_missing, number, {"objective": "regression"}, [], 1)
    yield lightgbm_case("LightGBM, three classes, missing values", with_missing, three,
                        {"objective": "multiclass", "num_class": 3}, [], 3)
    forest = RandomForestClassifier(5, max_leaf_nodes=12, random_state=1).fit(X, three)
    shares = [tree.tree_.value[:, 0] / tree.tree_.value[:, 0].sum(axis=1, keepdims=True) / 5 for tree in forest.estimators_]
    explainer = shap.TreeExplainer(forest, feature_perturbation="tree_path_dependent")
    yield case("a forest, three classes", X, [sklearn_tree(t.tree_, v) for t, v in zip(forest.estimators_, shares)],
               [0.0] * 3, forest.predict_proba, explainer, explainer.shap_interaction_values(X[rows]))
    boosted = GradientBoostingRegressor(n_estimators=8, max_depth=4, learning_rate=0.3, random_state=1).fit(X, number)
    explainer = shap.TreeExplainer(boosted, feature_perturbation="tree_path_dependent")
    trees = [sklearn_tree(tree.tree_, 0.3 * tree.tree_.value[:, 0, 0]) for tree in boosted.estimators_[:, 0]]
    yield case("gradient boosting, regression", X, trees, [float(number.mean())], boosted.predict, explainer,
               explainer.shap_interaction_values(X[rows]))


def linear():
    model = LogisticRegression(max_iter=1000, tol=1e-10).fit(X, three)
    masker = shap.maskers.Independent(X[background], max_samples=N_BACKGROUND)
    values = shap.explainers.Linear(model, masker).shap_values(X[rows])
    return {
        "weights": model.coef_.tolist(),
        "intercept": model.intercept_.tolist(),
        "x": X[rows].tolist(),
        "background": X[background].tolist(),
        "values": np.moveaxis(values, 2, 1).tolist(),
    }


json.dump({"trees": list(stored()), "linear": linear()}, sys.stdout)
print()
