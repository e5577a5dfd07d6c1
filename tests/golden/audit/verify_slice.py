#!/usr/bin/env python3
"""An independent verifier of audit slices: Python's standard library alone, written from docs/threat-model.md and RFC 6962.

    python3 verify_slice.py SLICE...      one line of JSON a file: {"ok", "entries", "firstBad"}

Checks that each entry is canonical, in order and in the tree, and that what is disclosed was committed to. The standard
library has no Ed25519, so the signature of the tree is left to openssl; what it covers is compared here.
"""
import base64
import json
import sys
from hashlib import sha256


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def leaf(text):
    return sha256(b"\0" + text.encode("utf-8", "surrogatepass")).digest()


def digest(text):
    return "sha256:" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def root_by_recursion(hash_, index, size, proof):
    """RFC 6962, section 2.1.1, read backwards: the proof's last hash stands beside the largest subtree."""
    if size == 1:
        if proof:
            raise ValueError("the proof is too long")
        return hash_
    split = 1 << (size - 1).bit_length() - 1
    beside, rest = proof[-1], proof[:-1]
    if index < split:
        left, right = root_by_recursion(hash_, index, split, rest), beside
    else:
        left, right = beside, root_by_recursion(hash_, index - split, size - split, rest)
    return sha256(b"\1" + left + right).digest()


def fault(entry, text, before, previous, disclosures):
    if canonical(entry) != text:
        return "it is not canonical JSON"
    sequence = entry["sequence"]
    if sequence == before + 1 and previous is not None and entry["previous"] != previous:
        return "it does not follow the entry before it"
    for one in disclosures:
        if entry.get("hidden", {}).get(one["field"]) != digest(one["salt"] + ":" + one["value"]):
            return "what is disclosed is not what was written"
    return None


def in_tree(text, sequence, proof, slice_):
    if not 1 <= sequence <= slice_["size"]:
        return False
    try:
        found = root_by_recursion(leaf(text), sequence - 1, slice_["size"], [bytes.fromhex(one) for one in proof])
    except (ValueError, IndexError):
        return False
    return found.hex() == slice_["root"]


def verify(path):
    with open(path, encoding="utf-8") as file:
        slice_ = json.load(file)
    if slice_["format"] != "maestro-audit-slice/1":
        raise ValueError("no slice of an audit log")
    entries = slice_["entries"]
    answer = {"ok": False, "entries": len(entries), "firstBad": None}
    before, previous, known = 0, None, set()
    for one in entries:
        text = one["text"]
        entry = json.loads(text)
        sequence = entry["sequence"]
        own = [each for each in slice_["disclosures"] if each["sequence"] == sequence]
        if sequence <= before or fault(entry, text, before, previous, own) or not in_tree(
            text, sequence, one["proof"], slice_
        ):
            return {**answer, "firstBad": sequence}
        before, previous = sequence, digest(text)
        known.add(sequence)
    for one in slice_["disclosures"]:
        if one["sequence"] not in known:
            return {**answer, "firstBad": one["sequence"]}
    if slice_["tree"] is not None:
        name, size, root, head = slice_["tree"].split("\n\n")[0].split("\n")
        same = name == slice_["origin"] + "/tree" and int(size) == slice_["size"]
        if not same or base64.b64decode(root).hex() != slice_["root"] or not head.startswith("head sha256:"):
            return {**answer, "firstBad": 0}
    return {**answer, "ok": True}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        try:
            print(json.dumps(verify(name)))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
            print(json.dumps({"ok": False, "entries": 0, "firstBad": None, "error": str(error)}))
