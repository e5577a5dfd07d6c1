"""Writes engine/onnx/reader/operator-schemas.ts: what the ONNX standard says of each operator, as one line each.

Needs Python 3 with the onnx package (pip install onnx==1.23.2); run it when a newer standard is to be read:
    python3 scripts/write-operator-schemas.py
"""

import pathlib

from onnx import defs

NO_LIMIT = 2147483647
type_sets = {}


def set_number(types):
    return type_sets.setdefault(" ".join(sorted(types)), len(type_sets))


def token(parameter, names):
    text = parameter.type_str if parameter.type_str in names else f"#{set_number([parameter.type_str])}"
    if parameter.option == defs.OpSchema.FormalParameterOption.Variadic:
        text += "*" if parameter.is_homogeneous else "**"
    return text


def line(schema):
    names = {constraint.type_param_str for constraint in schema.type_constraints}
    limit = lambda count: "" if count >= NO_LIMIT else count
    attributes = [
        f"{name}:{int(attribute.type.value)}{'!' if attribute.required else ''}"
        for name, attribute in sorted(schema.attributes.items())
    ]
    constraints = [f"{c.type_param_str}={set_number(c.allowed_type_strs)}" for c in schema.type_constraints]
    return [
        schema.domain,
        schema.name,
        f"{schema.since_version}{'x' if schema.deprecated else ''}",
        f"{schema.min_input}-{limit(schema.max_input)}",
        f"{schema.min_output}-{limit(schema.max_output)}",
        ",".join(token(p, names) for p in schema.inputs),
        ",".join(token(p, names) for p in schema.outputs),
        ",".join(attributes),
        ",".join(constraints),
    ]


def runs(numbers):
    """Numbers in ascending order, neighbours as first-last."""
    found = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]


schemas = [s for s in defs.get_all_schemas_with_history() if s.domain in ("", "ai.onnx.ml")]
lines = [line(s) for s in sorted(schemas, key=lambda s: (s.domain, s.name, s.since_version))]
short = [
    "|".join("^" if above and len(field) > 1 and field == above[at] else field for at, field in enumerate(fields))
    for above, fields in zip([None, *lines], lines)
]
sets = [types.split() for types, _ in sorted(type_sets.items(), key=lambda item: item[1])]
names = sorted({name for types in sets for name in types})
set_lines = [" ".join(runs(sorted(names.index(name) for name in types))) for types in sets]
ml_version = max(s.since_version for s in schemas if s.domain == "ai.onnx.ml")
target = pathlib.Path(__file__).parent.parent / "engine/onnx/reader/operator-schemas.ts"
target.write_text(
    "// Written by scripts/write-operator-schemas.py from the ONNX standard; change that.\n\n"
    "/** The newest operator sets that are known here. */\n"
    f"export const newestOperatorSets = {{ '': {defs.onnx_opset_version()}, 'ai.onnx.ml': {ml_version} }} as const\n\n"
    "/** Types, by their number in the sets. */\n"
    "export const typeNames = `" + "\n".join(names) + "`\n\n"
    "/** Sets of types, by their number in the lines below: the types in one, neighbours as first-last. */\n"
    "export const typeSets = `" + "\n".join(set_lines) + "`\n\n"
    "/** domain | operator | since, x: withdrawn | inputs | outputs | types of inputs | of outputs | attributes:kind, !: needed | constraints; ^: as above */\n"
    "export const operatorLines = `" + "\n".join(short) + "`\n"
)
