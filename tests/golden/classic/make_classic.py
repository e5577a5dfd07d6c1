"""What scikit-learn's naive Bayes, nearest neighbours and decision trees answer on small tables.

    python3 make_classic.py > classic.json      (scikit-learn 1.7.2, numpy 2)

Features are standardised, so that scikit-learn's variance smoothing (a share of the largest variance) is ours (a share of
the feature's own).
"""
import json

import numpy as np
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

rng = np.random.default_rng(4)
N = 200
X = rng.normal(size=(N, 4))
X = ((X - X.mean(0)) / X.std(0)).astype(np.float32).astype(float)
weights = rng.integers(1, 4, N).astype(float)
score = X @ np.array([1.5, -1.0, 0.5, 0.0]) + rng.normal(size=N)
labels = {"binary": (score > 0.3).astype(int), "multiclass": np.digitize(score, [-1, 1])}
number = 2 + score
bits = (X > 0.2).astype(float)
codes = np.stack([rng.integers(0, 5, N), np.digitize(X[:, 0], [-1, 0, 1]), rng.integers(0, 2, N)], 1)
cases = []


def add(learner, task, parameters, model, table, data, y, weighted=False):
    model.fit(data, y, **(dict(sample_weight=weights) if weighted else {}))
    answers = model.predict(data) if task == "regression" else model.predict_proba(data)
    cases.append(dict(learner=learner, task=task, parameters=parameters, table=table, weighted=weighted,
                      answers=np.asarray(answers).reshape(N, -1).tolist()))


for task, y in labels.items():
    for weighted in (False, True):
        # Its variance over all rows has no weights; ours has.
        smoothing = 1e-9 if weighted else 0.01
        add("naive-bayes", task, dict(numbers="gaussian", varianceSmoothing=smoothing), GaussianNB(var_smoothing=smoothing),
            "numbers", X, y, weighted)
        add("naive-bayes", task, dict(numbers="bernoulli", smoothing=0.5), BernoulliNB(alpha=0.5), "bits", bits, y, weighted)
        add("naive-bayes", task, dict(smoothing=2), CategoricalNB(alpha=2), "codes", codes, y, weighted)
    for k in (1, 7):
        for weighting in ("uniform", "distance"):
            add("nearest-neighbours", task, dict(k=k, weighting=weighting), KNeighborsClassifier(k, weights=weighting),
                "numbers", X, y)
    # Of equally good splits scikit-learn takes a random one; deep trees have many, this table has none so far down.
    for depth, leaf in ((3, 5), (3, 20)):
        for weighted in (False, True):
            model = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, random_state=0)
            add("decision-tree", task, dict(maxDepth=depth, minRowsInLeaf=leaf), model, "numbers", X, y, weighted)
    model = DecisionTreeClassifier(max_depth=3, min_samples_leaf=5, class_weight="balanced", random_state=0)
    add("decision-tree", task, dict(maxDepth=3, minRowsInLeaf=5, classWeights="balanced"), model, "numbers", X, y)
for k in (1, 7):
    for weighting in ("uniform", "distance"):
        add("nearest-neighbours", "regression", dict(k=k, weighting=weighting), KNeighborsRegressor(k, weights=weighting),
            "numbers", X + 0.0, number)
for depth, leaf in ((3, 5), (8, 2)):
    for weighted in (False, True):
        model = DecisionTreeRegressor(max_depth=depth, min_samples_leaf=leaf, random_state=0)
        add("decision-tree", "regression", dict(maxDepth=depth, minRowsInLeaf=leaf), model, "numbers", X, number, weighted)

print(json.dumps(dict(numbers=X.tolist(), bits=bits.tolist(), codes=codes.tolist(), weights=weights.tolist(),
                      binary=labels["binary"].tolist(), multiclass=labels["multiclass"].tolist(),
                      regression=number.tolist(), cases=cases)))
