"""scikit-learn's side of learners-training.ts: fits what a line on standard input names, answers with a line of JSON."""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import ElasticNet, LogisticRegression
from sklearn.neural_network import MLPClassifier

warnings.simplefilter("ignore")
folder, n_rows = Path(sys.argv[1]), int(sys.argv[2])
wide = np.stack([np.fromfile(folder / f"x{j}.f32", np.float32) for j in range(100)], 1)
narrow = np.ascontiguousarray(wide[:, :20])
numbers = np.fromfile(folder / "numbers.f64", np.float64)
classes = (numbers > 0).astype(int)
doubles = np.asfortranarray(wide, dtype=np.float64)
scaled = numbers / numbers.std()
models = {
    "elastic-net": lambda: ElasticNet(alpha=0.01, l1_ratio=0.5).fit(doubles, scaled),
    "logistic-regression": lambda: LogisticRegression(C=1).fit(doubles, classes),
    "random-forest": lambda: RandomForestClassifier(10, n_jobs=1, random_state=1).fit(narrow, classes),
    "neural-network": lambda: MLPClassifier((128, 128), batch_size=256, max_iter=1, random_state=1).fit(narrow, classes),
}
print(json.dumps({"version": sklearn.__version__, "cpu": 0}), flush=True)
for line in sys.stdin:
    start = time.process_time()
    models[line.strip()]()
    print(json.dumps({"version": sklearn.__version__, "cpu": 1000 * (time.process_time() - start)}), flush=True)
