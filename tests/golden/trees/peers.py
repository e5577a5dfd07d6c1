"""How well LightGBM's boosting and scikit-learn's forests do on held-out rows of real tables, for learners/*.test.ts.

    python tests/golden/trees/peers.py FOLDER_WITH_DATASETS > tests/golden/trees/peers.json

Columns that are not numbers are categories by their sorted texts; those with more than 100 are left out. Row i is held out
in round k when (7919 * i) % 5 == k. Losses are the Brier score (log loss would hang on the few rows whose class no tree saw), or root mean squared error over
the target's deviation.
Needs lightgbm, scikit-learn and numpy.
"""

import csv
import json
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np
import sklearn
from sklearn.ensemble import ExtraTreesClassifier, ExtraTreesRegressor, RandomForestClassifier, RandomForestRegressor

TABLES = ["german-credit", "titanic", "penguins", "pima-diabetes", "mammography", "abalone", "winequality-red", "boston-housing"]
ROUNDS = 3
MISSING = {"", "?", "NA"}


def as_number(text):
    return float("nan") if text in MISSING else float(text)


def read(folder, table):
    with open(folder / table["file"], newline="", encoding="utf8") as file:
        header, *rows = list(csv.reader(file))
    columns, kinds = [], []
    labels = None
    for name, values in zip(header, zip(*rows)):
        values = [value.strip() for value in values]
        levels = sorted({value for value in values if value not in MISSING})
        if name == table["target"]:
            code = {level: i for i, level in enumerate(levels)}
            labels = np.array([float(v) if table["task"] == "regression" else code[v] for v in values])
            continue
        try:
            columns.append([as_number(value) for value in values])
            kinds.append(0)
        except ValueError:
            if len(levels) > 100:
                continue
            code = {level: float(i) for i, level in enumerate(levels)}
            columns.append([code.get(value, float("nan")) for value in values])
            kinds.append(len(levels))
    return np.array(columns, dtype=np.float32).T, kinds, labels


def loss(task, labels, answers):
    if task == "regression":
        return float(np.sqrt(np.mean((answers - labels) ** 2)) / np.std(labels))
    truth = np.eye(answers.shape[1])[labels.astype(int)]
    return float(np.mean(np.sum((answers - truth) ** 2, axis=1)))


def boost(task, x, kinds, y, test):
    parameters = {
        "objective": {"binary": "binary", "multiclass": "multiclass", "regression": "regression"}[task],
        "num_leaves": 31,
        "learning_rate": 0.1,
        "min_data_in_leaf": 20,
        "verbose": -1,
        "num_threads": 1,
        "deterministic": True,
        "seed": 1,
    }
    if task == "multiclass":
        parameters["num_class"] = len(set(y))
    categorical = [i for i, kind in enumerate(kinds) if kind > 0]
    data = lgb.Dataset(x.astype(np.float64), y, categorical_feature=categorical, free_raw_data=False)
    answers = lgb.train(parameters, data, 100).predict(test.astype(np.float64))
    return np.stack([1 - answers, answers], axis=1) if task == "binary" else answers


def forest(task, classifier, regressor, x, y, test):
    if task == "regression":
        return regressor(100, max_features=1 / 3, min_samples_leaf=2, random_state=1).fit(x, y).predict(test)
    return classifier(100, max_features="sqrt", min_samples_leaf=2, random_state=1).fit(x, y).predict_proba(test)


folder = Path(sys.argv[1])
tables = {table["name"]: table for table in json.loads((folder / "datasets.json").read_text())}
result = {"versions": {"lightgbm": lgb.__version__, "sklearn": sklearn.__version__}, "tables": []}
for name in TABLES:
    table = tables[name]
    task = table["task"]
    x, kinds, y = read(folder, table)
    losses = {"gradient-boosting": [], "random-forest": [], "extra-trees": []}
    for k in range(ROUNDS):
        held = (7919 * np.arange(len(y))) % 5 == k
        train, test, known = x[~held], x[held], y[~held]
        losses["gradient-boosting"].append(loss(task, y[held], boost(task, train, kinds, known, test)))
        for family, kinds_of in {
            "random-forest": (RandomForestClassifier, RandomForestRegressor),
            "extra-trees": (ExtraTreesClassifier, ExtraTreesRegressor),
        }.items():
            losses[family].append(loss(task, y[held], forest(task, *kinds_of, train, known, test)))
    means = {family: round(float(np.mean(values)), 5) for family, values in losses.items()}
    result["tables"].append({"name": name, "features": len(kinds), "losses": means})
print(json.dumps(result, indent=2))
