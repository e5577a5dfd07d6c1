"""scikit-learn's side of learners-training.ts: fits what a line on standard input names, answers with a line of JSON."""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import ElasticNet, LogisticRegression
from sklearn.metrics import r2_score, roc_auc_score
from sklearn.neural_network import MLPClassifier

warnings.simplefilter("ignore")
folder, n_rows, n_columns, n_texts, n_words = Path(sys.argv[1]), *map(int, sys.argv[2:])


def read(name, count):
    return np.stack([np.fromfile(folder / f"{name}{j}.f32", np.float32) for j in range(count)], 1)


numbers = np.fromfile(folder / "numbers.f64", np.float64)
classes = (numbers > 0).astype(int)
scaled = numbers / numbers[:n_rows].std()
wide, words = read("x", n_columns), read("word", n_words)
narrow = np.ascontiguousarray(wide[:, :20])
topics = np.fromfile(folder / "topics.f64", np.float64).astype(int)
doubles = np.asfortranarray(wide[:n_rows], dtype=np.float64)
# Model, features of the training rows, all features, labels, and how many rows are for training.
tasks = {
    "elastic-net": (ElasticNet(alpha=0.01, l1_ratio=0.5), doubles, wide, scaled, n_rows),
    "logistic-regression": (LogisticRegression(C=1), doubles, wide, classes, n_rows),
    "random-forest": (RandomForestClassifier(10, n_jobs=1, random_state=1), None, narrow, classes, n_rows),
    "extra-trees": (ExtraTreesClassifier(10, n_jobs=1, random_state=1), None, narrow, classes, n_rows),
    "extra-trees-words": (ExtraTreesClassifier(10, n_jobs=1, random_state=1), None, words, topics, n_texts),
    "neural-network": (
        MLPClassifier((128, 128), batch_size=256, max_iter=1, random_state=1),
        None,
        narrow,
        classes,
        n_rows,
    ),
}
print(json.dumps({"version": sklearn.__version__}), flush=True)
for line in sys.stdin:
    name = json.loads(line)
    model, training, features, labels, count = tasks[name]
    training = features[:count] if training is None else training
    start = time.process_time()
    model.fit(training, labels[:count])
    cpu = 1000 * (time.process_time() - start)
    new, expected = features[count:], labels[count:]
    if name == "elastic-net":
        quality = r2_score(expected, model.predict(new))
    else:
        quality = roc_auc_score(expected, model.predict_proba(new)[:, 1])
    print(json.dumps({"cpu": cpu, "quality": quality}), flush=True)
