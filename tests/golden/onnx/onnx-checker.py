"""What ONNX's own checker and its reference evaluator, a runtime in plain Python, say of exported pipelines.

    node tests/golden/onnx/write-golden-models.ts FOLDER
    python tests/golden/onnx/onnx-checker.py FOLDER > tests/golden/onnx/onnx-checker.json

Needs onnx and numpy. The rows are made here, so that the answers come from Python alone.
"""

import hashlib
import json
import pathlib
import sys

import numpy
import onnx
from onnx.reference import ReferenceEvaluator

DOUBLE, STRING = 11, 8
N_ROWS = 40


def rows(model):
    random = numpy.random.default_rng(1)
    columns = {}
    for value in model.graph.input:
        if value.type.tensor_type.elem_type == STRING:
            pool = ["", "a", "0", "B b", "level 12", "never seen"]
            columns[value.name] = [pool[i] for i in random.integers(len(pool), size=N_ROWS)]
        else:
            scale = 2e9 if value.name == "Add_0" else 2
            numbers = random.normal(size=N_ROWS) * scale
            numbers[random.random(N_ROWS) < 0.2] = numpy.nan
            columns[value.name] = numbers.tolist()
    return columns


def feeds(columns):
    return {
        name: numpy.array(values, dtype=object if isinstance(values[0], str) else numpy.float64).reshape(-1, 1)
        for name, values in columns.items()
    }


def plain(value):
    return [None if item != item else item for item in numpy.asarray(value).ravel().tolist()]


def describe(path):
    content = path.read_bytes()
    model = onnx.load_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    columns = rows(model)
    outputs = ReferenceEvaluator(model).run(None, feeds(columns))
    return {
        "digest": hashlib.sha256(content).hexdigest(),
        "nodes": len(model.graph.node),
        "columns": {name: plain(values) for name, values in columns.items()},
        "outputs": {value.name: plain(result) for value, result in zip(model.graph.output, outputs)},
    }


folder = pathlib.Path(sys.argv[1])
models = {path.stem: describe(path) for path in sorted(folder.glob("*.onnx"))}
json.dump({"onnx": onnx.__version__, "models": models}, sys.stdout, separators=(",", ":"))
