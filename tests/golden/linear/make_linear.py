"""Coefficients of scikit-learn's linear models on small standardised tables.

python make_linear.py > linear.json      (scikit-learn 1.7.2, numpy 2)
"""
import json
import numpy as np
from sklearn.linear_model import ElasticNet, LogisticRegression, enet_path

rng = np.random.default_rng(11)
X = rng.normal(size=(120, 5)).astype(np.float32)
X[:, 3] = (X[:, 0] + 0.1 * X[:, 3]).astype(np.float32)
cases = []
score = X @ np.array([1.5, -1.0, 0.3, 0.0, 0.7])
weights = rng.integers(1, 4, 120).astype(float)
binary = (score + rng.normal(size=120) > 0).astype(int)
three = np.digitize(score + rng.normal(size=120), [-1, 1])
number = (3 + 2 * score + rng.normal(size=120))

for c in (0.05, 1.0):
    for w in (None, weights):
        for name, y in (("binary", binary), ("multiclass", three)):
            model = LogisticRegression(C=c, tol=1e-10, max_iter=10000).fit(X.astype(float), y, sample_weight=w)
            cases.append(dict(learner="logistic-regression", task=name, parameters=dict(c=c), weighted=w is not None,
                              coefficients=model.coef_.tolist(), intercept=model.intercept_.tolist()))
for ratio in (0.5, 1.0):
    for name, y in (("binary", binary), ("multiclass", three)):
        model = LogisticRegression(penalty="elasticnet", solver="saga", l1_ratio=ratio, C=0.1, tol=1e-10, max_iter=100000)
        model.fit(X.astype(float), y)
        cases.append(dict(learner="logistic-regression", task=name, parameters=dict(c=0.1, l1Ratio=ratio), weighted=False,
                          coefficients=model.coef_.tolist(), intercept=model.intercept_.tolist()))
# Our target is standardised inside, so that alpha has no unit: the same model has alpha times the target's deviation.
deviation = number.std()
for alpha, ratio in ((0.01, 0.0), (0.1, 0.5), (0.3, 1.0)):
    model = ElasticNet(alpha=alpha, l1_ratio=ratio, tol=1e-12, max_iter=1000000).fit(X.astype(float), number / deviation)
    cases.append(dict(learner="elastic-net", task="regression", parameters=dict(alpha=alpha, l1Ratio=ratio), weighted=False,
                      coefficients=[(model.coef_ * deviation).tolist()], intercept=[float(model.intercept_ * deviation)]))
paths = []
for ratio in (0.3, 1.0):
    alphas, coefficients, _ = enet_path(X.astype(float) - X.astype(float).mean(0), (number - number.mean()) / deviation,
                                        l1_ratio=ratio, eps=1e-4, n_alphas=60, tol=1e-12, max_iter=1000000)
    paths.append(dict(l1Ratio=ratio, alphas=alphas.tolist(), coefficients=coefficients.T.tolist()))
print(json.dumps(dict(paths=paths, rows=X.astype(float).tolist(), weights=weights.tolist(), binary=binary.tolist(),
                      multiclass=three.tolist(), regression=number.tolist(), cases=cases)))
