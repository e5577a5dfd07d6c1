"""Fits scikit-learn's HistGradientBoosting with its defaults on one split, as a competent user would.

    python automl-tables.py TRAIN.csv TEST.csv TARGET TASK SEED OUT.csv

Columns are typed on the training rows alone: numbers, ISO dates, else categories (native ones, encoded as codes). Text
columns with more distinct values than half the rows are dropped; dates become numbers. OUT gets one line a test row: its
prediction, or the probability of each class. Prints {"version", "fitSeconds"} as JSON.
"""

import json
import sys
import time

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder

MISSING = {"", "?", "NA", "N/A", "NaN", "nan", "NULL", "null"}
ISO_DATE = r"\d{4}-\d{2}-\d{2}(?:[ T].*)?"


def read_text(path):
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    stripped = raw.apply(lambda column: column.str.strip())
    return stripped.mask(stripped.isin(MISSING), None)


def typed(text):
    values = text.dropna()
    if pd.to_numeric(values, errors="coerce").notna().all():
        return pd.to_numeric(text).astype("float64")
    if values.str.fullmatch(ISO_DATE).all():
        return pd.to_datetime(text)
    return text.astype("category")


def typed_as(text, like):
    if pd.api.types.is_numeric_dtype(like):
        return pd.to_numeric(text, errors="coerce").astype("float64")
    if pd.api.types.is_datetime64_any_dtype(like):
        return pd.to_datetime(text, errors="coerce")
    return text.astype(like.dtype)


def expanded(frame, like):
    columns = {}
    for name in like:
        column = frame[name]
        if pd.api.types.is_datetime64_any_dtype(column):
            columns[f"{name}_seconds"] = (column - pd.Timestamp(0)).dt.total_seconds()
            for part in ("month", "day", "weekday", "hour"):
                columns[f"{name}_{part}"] = getattr(column.dt, part).astype("float64")
        elif pd.api.types.is_numeric_dtype(column) or like[name].nunique() <= len(like) / 2:
            columns[name] = column
    return pd.DataFrame(columns)


def main():
    train_path, test_path, target, task, seed, out = sys.argv[1:]
    train, test = read_text(train_path), read_text(test_path)
    labels = train.pop(target)
    if task == "regression":
        labels = labels.astype("float64")
    features = train.apply(typed)
    test_features = pd.DataFrame({name: typed_as(test[name], features[name]) for name in features})
    frame, test_frame = expanded(features, features), expanded(test_features, features)
    categorical = len(frame.select_dtypes("category").columns)
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan, max_categories=250
    )
    columns = make_column_transformer(
        (encoder, make_column_selector(dtype_include="category")), remainder="passthrough"
    )
    kind = HistGradientBoostingRegressor if task == "regression" else HistGradientBoostingClassifier
    booster = kind(random_state=int(seed), categorical_features=list(range(categorical)))
    started = time.perf_counter()
    model = make_pipeline(columns, booster).fit(frame, labels)
    seconds = time.perf_counter() - started
    if task == "regression":
        pd.DataFrame({"prediction": model.predict(test_frame)}).to_csv(out, index=False)
    else:
        pd.DataFrame(model.predict_proba(test_frame), columns=list(model.classes_)).to_csv(out, index=False)
    print(json.dumps({"version": sklearn.__version__, "fitSeconds": seconds}))


main()
