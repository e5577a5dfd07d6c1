"""Metrics of scikit-learn on small tables with ties, weights and missing classes.

python make_metrics.py > metrics.json      (scikit-learn 1.7.2, numpy 2)
"""
import json
import numpy as np
from sklearn import metrics as m

rng = np.random.default_rng(7)
cases = []


def binary(n, ties, weighted):
    y = (rng.random(n) < 0.35).astype(int)
    y[:2] = [0, 1]
    p = np.clip(0.5 * rng.random(n) + 0.4 * y * rng.random(n), 0, 1)
    if ties:
        p = np.round(p, 1)
    w = rng.integers(1, 5, n).astype(float) if weighted else None
    hard = (p > 0.5).astype(int)
    two = np.column_stack([1 - p, p])
    cases.append(dict(
        task="binary", labels=y.tolist(), values=two.ravel().tolist(), nClasses=2,
        weights=None if w is None else w.tolist(),
        expected=dict(
            roc_auc=m.roc_auc_score(y, p, sample_weight=w),
            average_precision=m.average_precision_score(y, p, sample_weight=w),
            log_loss=m.log_loss(y, np.clip(two, 1e-15, 1 - 1e-15), sample_weight=w, labels=[0, 1]),
            brier=m.brier_score_loss(y, p, sample_weight=w),
            accuracy=m.accuracy_score(y, hard, sample_weight=w),
            balanced_accuracy=m.balanced_accuracy_score(y, hard, sample_weight=w),
            f1=m.f1_score(y, hard, sample_weight=w),
            precision=m.precision_score(y, hard, sample_weight=w, zero_division=0),
            recall=m.recall_score(y, hard, sample_weight=w),
            mcc=m.matthews_corrcoef(y, hard, sample_weight=w),
        )))


def multiclass(n, k, weighted):
    y = rng.integers(0, k, n)
    y[:k] = np.arange(k)
    p = rng.dirichlet(np.ones(k), n) * 0.7
    p[np.arange(n), y] += 0.3 * (rng.random(n) < 0.7)
    p /= p.sum(axis=1, keepdims=True)
    w = rng.integers(1, 5, n).astype(float) if weighted else None
    hard = p.argmax(axis=1)
    cases.append(dict(
        task="multiclass", labels=y.tolist(), values=p.ravel().tolist(), nClasses=k,
        weights=None if w is None else w.tolist(),
        expected=dict(
            roc_auc=m.roc_auc_score(y, p, multi_class="ovr", average="macro", sample_weight=w),
            log_loss=m.log_loss(y, p, sample_weight=w),
            accuracy=m.accuracy_score(y, hard, sample_weight=w),
            balanced_accuracy=m.balanced_accuracy_score(y, hard, sample_weight=w),
            f1=m.f1_score(y, hard, average="macro", sample_weight=w, zero_division=0),
            precision=m.precision_score(y, hard, average="macro", sample_weight=w, zero_division=0),
            recall=m.recall_score(y, hard, average="macro", sample_weight=w, zero_division=0),
            mcc=m.matthews_corrcoef(y, hard, sample_weight=w),
        )))


def regression(n, weighted):
    y = rng.normal(10, 4, n)
    p = y + rng.normal(0, 2, n)
    w = rng.integers(1, 5, n).astype(float) if weighted else None
    cases.append(dict(
        task="regression", labels=y.tolist(), values=p.tolist(), nClasses=0,
        weights=None if w is None else w.tolist(),
        expected=dict(
            rmse=m.root_mean_squared_error(y, p, sample_weight=w),
            mae=m.mean_absolute_error(y, p, sample_weight=w),
            r2=m.r2_score(y, p, sample_weight=w),
            mape=m.mean_absolute_percentage_error(y, p, sample_weight=w),
            **({} if weighted else dict(median_absolute_error=m.median_absolute_error(y, p))),
        )))


for ties in (False, True):
    for weighted in (False, True):
        binary(60, ties, weighted)
for k in (3, 5):
    for weighted in (False, True):
        multiclass(80, k, weighted)
for weighted in (False, True):
    regression(50, weighted)
print(json.dumps(cases))
