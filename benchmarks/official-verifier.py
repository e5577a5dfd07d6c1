"""What the official verifier of OpenSSF Model Signing says of folders and bundles (pip install model-signing==1.1.1).

    python official-verifier.py CASES.json     a list of {"folder", "bundle", "key"}; prints a list of verdicts
"""
import json
import pathlib
import sys

import model_signing

verdicts = []
for case in json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")):
    folder, bundle, key = (pathlib.Path(case[name]) for name in ("folder", "bundle", "key"))
    try:
        hashing = model_signing.hashing.Config().set_ignored_paths(paths=[], ignore_git_paths=True)
        config = model_signing.verifying.Config().use_elliptic_key_verifier(public_key=key)
        config.set_hashing_config(hashing).verify(folder, bundle)
        verdicts.append({"accepted": True, "said": ""})
    except Exception as error:  # whatever it raises is its way to refuse
        verdicts.append({"accepted": False, "said": f"{type(error).__name__}: {error}"[:200]})
print(json.dumps({"version": model_signing.__version__, "verdicts": verdicts}))
