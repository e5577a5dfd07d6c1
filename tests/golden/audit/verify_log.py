#!/usr/bin/env python3
"""An independent verifier of audit exports: Python's standard library alone, written from docs/threat-model.md.

    python3 verify_log.py LOG...      one line of JSON a file: {"ok", "entries", "firstBad"}

Checks the chain, the disclosures and what checkpoints say of size and head. The standard library has no Ed25519, so the
signatures of checkpoints are left to another tool; everything that they cover is checked here.
"""
import base64
import hashlib
import json
import sys


def digest(text):
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        lines = file.read().split("\n")
    if lines.pop() != "":
        raise ValueError("the last line is cut")
    header = json.loads(lines[0])
    if header.get("format") != "maestro-audit/1":
        raise ValueError("no audit log")
    entries, checkpoints, disclosures = [], [], {}
    rest = False
    for line in lines[1:]:
        rest = rest or line.startswith('{"checkpoint"') or line.startswith('{"disclosure"')
        if not rest:
            entries.append(line)
            continue
        other = json.loads(line)
        if "checkpoint" in other:
            checkpoints.append(other["checkpoint"])
        else:
            one = other["disclosure"]
            disclosures.setdefault(one["sequence"], []).append(one)
    return header, entries, checkpoints, disclosures


def fault(text, sequence, previous, disclosures):
    try:
        entry = json.loads(text)
    except ValueError:
        return "it is not JSON"
    if not isinstance(entry, dict) or canonical(entry) != text:
        return "it is not canonical JSON"
    if entry.get("sequence") != sequence or isinstance(entry.get("sequence"), bool):
        return "another number"
    if entry.get("previous") != previous:
        return "it does not follow the entry before it"
    for one in disclosures:
        committed = entry.get("hidden", {}).get(one["field"])
        if committed != digest(one["salt"] + ":" + one["value"]):
            return "what is disclosed is not what was written"
    return None


def verify(path):
    header, entries, checkpoints, disclosures = read(path)
    previous = "sha256:" + "0" * 64
    heads, count, bad = {}, 0, []
    for text in entries:
        reason = fault(text, count + 1, previous, disclosures.get(count + 1, []))
        if reason:
            bad.append(count + 1)
            break
        count += 1
        previous = digest(text)
        heads[count] = previous
    if any(not 1 <= sequence <= count for sequence in disclosures):
        bad.append(count + 1)
    for note in checkpoints:
        origin, size, head = note.split("\n\n")[0].split("\n")
        size, head = int(size), "sha256:" + base64.b64decode(head).hex()
        if origin != header["origin"]:
            bad.append(0)
        elif size > count:
            bad.append(count + 1)
        elif size > 0 and heads[size] != head:
            bad.append(size)
    places = [at for at in bad if at > 0] or bad
    return {"ok": not bad, "entries": count, "firstBad": min(places) if places else None}


for name in sys.argv[1:]:
    try:
        print(json.dumps(verify(name)))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        print(json.dumps({"ok": False, "entries": 0, "firstBad": None, "error": str(error)}))
