#!/usr/bin/env python3
"""Checks an exported sale of Onsale: hashes, trees, signatures, anchors. Written from docs/proof.md alone.

usage: verify.py FILE [--key KEYS] [--anchor NUMBER:SEAL]...
Needs Python 3.9 and python3-cryptography. Does not read files of witnesses and does not check the rules of a sale (point
9 of the specification), except the draw of a waiting room. Exit codes: 0 PASS, 1 FAIL, 2 the file could not be read.
"""
import base64
import hashlib
import json
import sys
import zlib
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

ZERO = bytes(32)
# Members of each kind of line in their order: n number, s text, t text or null, b true or false, l list, o object.
SHAPES = {
    "header": "kind:s format:s saleKey:s seal:n events:n records:n complete:b exportedAt:s keys:l",
    "anchor": "kind:s number:n seal?:o inclusion:l leaf:l path:l roomLeaf:l roomPath:l",
    "event": "kind:s number:n position:n eventId:s aggregateType:s aggregateId:s sequence:n type:s revision:t timestamp:s"
             " payload:s metaData:t link:s",
    "missing": "kind:s number:n position:n link:s",
    "admission": "kind:s number:n entry:s",
    "frontier": "kind:s size:n nodes:l",
    "seal": "kind:s number:n previous:s firstPosition:n lastPosition:n events:n records?:n log:s sales:s tree?:s"
            " sealedAt:s seal:s keyId:t signature:t",
    "proof": "kind:s leaf:l path:l",
    "roomProof": "kind:s leaf:l path:l",
    "end": "kind:s lines:n digest:s keyId:t signature:t",
    "entry of a leaf": "sale:s events:n head:s",
}
TYPES = {"n": lambda v: type(v) is int and -2**63 <= v < 2**63, "s": lambda v: type(v) is str, "b": lambda v: type(v) is bool,
         "t": lambda v: v is None or type(v) is str, "l": lambda v: type(v) is list, "o": lambda v: type(v) is dict}
problems = []


def require(condition, what):
    if not condition:
        problems.append(what)
    return condition


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def h(*parts):
    out = []
    for part in parts:
        if part is None:
            out.append(b"\xff\xff\xff\xff")
        elif isinstance(part, bytes):
            out.append(part)
        elif isinstance(part, int):
            out.append(part.to_bytes(8, "big", signed=True))
        else:
            text = part.encode()
            out.append(len(text).to_bytes(4, "big") + text)
    return sha(*out)


def parse(text):
    """JSON in which no object has a name twice."""
    def members(pairs):
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name is there twice")
        return dict(pairs)
    return json.loads(text, object_pairs_hook=members)


def shaped(kind, value):
    """Whether an object has the members of its kind, and no others."""
    members = [m.split(":") for m in SHAPES[kind].split()]
    members = [(name.rstrip("?"), of) for name, of in members if not name.endswith("?") or name.rstrip("?") in value]
    return list(value) == [name for name, _ in members] and all(TYPES[of](value[name]) for name, of in members)


def unhex(text):
    if len(text) != 64 or text != text.lower():
        raise ValueError("not a hash: " + text)
    return bytes.fromhex(text)


def event_hash(e):
    return h("onsale.event.v1", e["position"], e["eventId"], e["aggregateType"], e["aggregateId"], e["sequence"],
             e["type"], e["revision"], e["timestamp"], e["payload"], e["metaData"])


def seal_hash(s):
    start = [s["number"], unhex(s["previous"]), s["firstPosition"], s["lastPosition"], s["events"]]
    if "tree" in s:
        return h("onsale.seal.v2", *start, s["records"], unhex(s["log"]), unhex(s["sales"]), unhex(s["tree"]),
                 s["sealedAt"])
    return h("onsale.seal.v1", *start, unhex(s["log"]), unhex(s["sales"]), s["sealedAt"])


def sales_root(place, leaf, path):
    require(all(shaped("entry of a leaf", e) for e in leaf), "a leaf has another form")
    entries = sorted(leaf, key=lambda e: e["sale"])
    if len(path) != 16 or len({e["sale"] for e in entries}) != len(entries):
        raise ValueError("not a path through the sales")
    parts = ["onsale.bucket.v1", len(entries)]
    for e in entries:
        if unhex(e["sale"])[:2] != place[:2]:
            raise ValueError("a sale in another leaf")
        parts += [unhex(e["sale"]), e["events"], unhex(e["head"])]
    node, index = h(*parts), int.from_bytes(place[:2], "big")
    for sibling in map(unhex, path):
        node = h("onsale.node.v1", sibling, node) if index & 1 else h("onsale.node.v1", node, sibling)
        index >>= 1
    return node


def own(place, leaf):
    for e in leaf:
        if e["sale"] == place.hex():
            return e["events"], unhex(e["head"])
    return 0, ZERO


def included(data, index, size, path):
    """Root to which an inclusion proof leads (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise ValueError("index outside of the tree")
    fn, sn, root = index, size - 1, sha(b"\x00", data)
    for sibling in path:
        if sn == 0:
            raise ValueError("path too long")
        if fn & 1 or fn == sn:
            root = sha(b"\x01", sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = sha(b"\x01", root, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ValueError("path too short")
    return root


class Tree:
    """The complete subtrees of the tree over the seals, the largest first."""

    def __init__(self, size, nodes):
        if bin(size).count("1") != len(nodes):
            raise ValueError("not the subtrees of %d seals" % size)
        self.size, self.nodes = size, list(nodes)

    def add(self, data):
        node, index = sha(b"\x00", data), self.size
        while index & 1:
            node, index = sha(b"\x01", self.nodes.pop(), node), index >> 1
        self.nodes.append(node)
        self.size += 1

    def root(self):
        if not self.nodes:
            return sha()
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = sha(b"\x01", node, root)
        return root


def public_key(jwk):
    point = [int.from_bytes(base64.urlsafe_b64decode(jwk[c] + "=="), "big") for c in "xy"]
    return jwk["kid"], ec.EllipticCurvePublicNumbers(*point, ec.SECP256R1()).public_key()


def read_keys(text):
    value = json.loads(text)
    keys = value.get("keys", [value])
    return dict(public_key(json.loads(k) if isinstance(k, str) else k) for k in keys)


def signed(what, digest, line, keys, wanted):
    if line["keyId"] is None:
        return require(not wanted and line["signature"] is None, what + " is not signed")
    try:
        raw = base64.urlsafe_b64decode(line["signature"] + "==")
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        keys[line["keyId"]].verify(der, digest, ec.ECDSA(hashes.SHA256()))
        return require(len(raw) == 64, what + " has a signature of another length")
    except (InvalidSignature, KeyError, ValueError, TypeError):
        return require(False, what + " has no valid signature of a trusted key")


def time(text):
    text = text[:-1] if text.endswith("Z") else text
    whole, _, fraction = text.partition(".")
    return datetime.strptime(whole + (":00" if whole.count(":") == 1 else ""), "%Y-%m-%dT%H:%M:%S") + timedelta(
        microseconds=int((fraction + "000000")[:6]))


def draw(records, sale):
    """Rooms one after the other: commitment, drawn visitors by number, seed."""
    rooms, ended = [], False
    for text in records:
        record = parse(text)
        if "room" in record and (not rooms or rooms[-1]["c"] != record["room"]["commitment"]):
            rooms.append({"c": record["room"]["commitment"], "drawn": {}, "seed": None, "opened": False})
            ended = False
        entry = record.get("entry", {})
        if entry and ended and entry["kind"] != "ENDED":
            rooms.append({"c": rooms[-1]["c"], "drawn": {}, "seed": None, "opened": False})
            ended = False
        if entry.get("kind") == "RANKED":
            rooms[-1]["drawn"][entry["number"]] = entry["buyer"]
        rooms and rooms[-1].update(opened=rooms[-1]["opened"] or entry.get("kind") == "OPENED")
        ended = ended or entry.get("kind") == "ENDED"
        if "seed" in record:
            rooms[-1]["seed"] = bytes.fromhex(record["seed"])
    for room in rooms:
        if room["seed"] is None:
            require(not room["opened"] and not room["drawn"], "the seed of %s is missing" % room["c"])
            continue
        require(sha(room["seed"]).hex() == room["c"], "the seed does not match the commitment")
        lots = [sha(room["seed"], sha((sale + "\n" + buyer).encode())) for _, buyer in sorted(room["drawn"].items())]
        require(lots == sorted(lots), "the visitors are not in the drawn order")


def check(lines, trusted, wanted):
    parsed = []
    for number, line in enumerate(lines, 1):
        value = parse(line)
        # Members keep their order, so writing the line again shows whether it has white space or odd escapes.
        canonical = json.dumps(value, separators=(",", ":"), ensure_ascii=False) == line
        if not canonical or value.get("kind") not in SHAPES or not shaped(value["kind"], value):
            raise ValueError("line %d is not canonical" % number)
        parsed.append(value)
    of = {kind: [v for v in parsed if v["kind"] == kind] for kind in SHAPES}
    order = [kind for kind in SHAPES if kind != "missing"]
    ranks = [order.index("event" if v["kind"] == "missing" else v["kind"]) for v in parsed]
    require(ranks == sorted(ranks), "the lines are not in order")
    for kind in ("header", "frontier", "proof", "roomProof", "end"):
        if not require(len(of[kind]) == 1, "there is not exactly one line " + kind):
            return
    header, end, sale = of["header"][0], of["end"][0], of["header"][0]["saleKey"]
    require(header["format"] == "onsale.sale-log.v2", "another format")
    keys = trusted or dict(public_key(json.loads(k)) for k in header["keys"])
    whole = sha("".join(line + "\n" for line in lines[:-1]).encode())
    require(end["lines"] == len(lines) - 1 and end["digest"] == whole.hex(), "the end does not match the file")
    signed("the file", whole, end, keys, bool(trusted))

    require(not of["missing"], "events are missing")
    links, newest = [ZERO], datetime.min
    for number, e in enumerate(of["event"], 1):
        links.append(h("onsale.link.v1", links[-1], event_hash(e)))
        parse(e["payload"])
        require(e["number"] == number and e["link"] == links[-1].hex(), "event %d is not what was sealed" % number)
        require(number == 1 or of["event"][number - 2]["position"] < e["position"], "positions do not ascend")
        require(time(e["timestamp"]) >= newest - timedelta(minutes=5) if number > 1 else True, "event %d is back-dated" % number)
        newest = max(newest, time(e["timestamp"]))
    room = [ZERO]
    for number, r in enumerate(of["admission"], 1):
        require(r["number"] == number, "records are not numbered")
        room.append(h("onsale.link.v1", room[-1], h("onsale.record.v1", sale, number, r["entry"])))
    draw([r["entry"] for r in of["admission"]], sale)

    frontier = of["frontier"][0]
    tree = Tree(frontier["size"], [unhex(n) for n in frontier["nodes"]])
    base, before, found, events = tree.root(), None, {}, iter(of["event"])
    event = next(events, None)
    for s in of["seal"]:
        name, digest = "seal %d" % s["number"], seal_hash(s)
        require(s["seal"] == digest.hex(), name + " is not the hash of its values")
        require(s["number"] == tree.size + 1, name + " is out of order")
        if not before and event:
            require(s["firstPosition"] <= event["position"] <= s["lastPosition"], name + " does not cover event 1")
        if before:
            require(s["previous"] == before["seal"] and s["firstPosition"] > before["lastPosition"], name + " does not follow")
            require(time(s["sealedAt"]) >= time(before["sealedAt"]) - timedelta(minutes=5), name + " is back-dated")
        require("tree" not in s or s["tree"] == tree.root().hex(), name + " has another tree")
        signed(name, digest, s, keys, bool(trusted))
        while event and event["position"] <= s["lastPosition"]:
            late = time(s["sealedAt"]) - time(event["timestamp"])
            require(timedelta(minutes=-5) <= late <= timedelta(minutes=10), "event %d has another time" % event["number"])
            event = next(events, None)
        tree.add(digest)
        found[s["number"]], before = s, s
    if not require(before is not None and before["number"] == header["seal"] and event is None, "the newest seal is missing"):
        return

    place, room_place = h("onsale.sale.v1", sale), h("onsale.room.v1", sale)
    for key, where, chain, count in (("proof", place, links, "events"), ("roomProof", room_place, room, "records")):
        line = of[key][0]
        require(sales_root(where, line["leaf"], line["path"]).hex() == before["sales"], key + " does not lead to the root")
        require(own(where, line["leaf"]) == (len(chain) - 1, chain[-1]) and header[count] == len(chain) - 1,
                key + " has other " + count)
    proven = {}
    for a in of["anchor"]:
        name, s = "anchor %d" % a["number"], a.get("seal", found.get(a["number"]))
        if not require(s is not None and s["number"] == a["number"], name + " has no seal"):
            continue
        digest = seal_hash(s)
        require(shaped("seal", s) and s["seal"] == digest.hex(), name + " is not the hash of its values")
        require(a["number"] not in proven, name + " is there twice")
        if "seal" in a:
            path = [unhex(p) for p in a["inclusion"]]
            require(included(digest, s["number"] - 1, frontier["size"], path) == base, name + " is not in the tree")
            signed(name, digest, s, keys, bool(trusted))
        for where, leaf, path, chain in ((place, a["leaf"], a["path"], links), (room_place, a["roomLeaf"], a["roomPath"], room)):
            require(sales_root(where, leaf, path).hex() == s["sales"], name + " does not lead to the root")
            count, head = own(where, leaf)
            require(count < len(chain) and chain[count] == head, name + " is no beginning of the file")
        upto = sum(1 for e in of["event"] if e["position"] <= s["lastPosition"])
        require(own(place, a["leaf"])[0] == upto, name + " covers another number of events")
        proven[a["number"]] = digest.hex()
    for anchor in wanted:
        require(proven.get(anchor[0]) == anchor[1], "the file does not continue the anchor %d:%s" % anchor)


def unpacked(data):
    """One GZIP member as Java writes it, with nothing behind it."""
    if data[:2] != b"\x1f\x8b":
        return data
    gzip = zlib.decompressobj(31)
    text = gzip.decompress(data)
    require(data[:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\xff" and gzip.eof and not gzip.unused_data, "the file is not one GZIP member")
    return text


def main(arguments):
    file, trusted, wanted = None, None, []
    while arguments:
        argument = arguments.pop(0)
        if argument == "--key":
            trusted = read_keys(open(arguments.pop(0), encoding="utf-8").read())
        elif argument == "--anchor":
            number, seal = arguments.pop(0).split(":")
            wanted.append((int(number), seal))
        else:
            file = argument
    text = unpacked(open(file, "rb").read()).decode()
    level = "anchored" if wanted else "signed" if trusted else "self-consistent"
    if not require(text.endswith("\n"), "the file is truncated"):
        text += "\n"
    try:
        check(text[:-1].split("\n"), trusted, wanted)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as wrong:
        require(False, "the file is damaged: %r" % wrong)
    for problem in problems[:20]:
        print("TAMPERED  " + problem)
    print("%s  %s" % ("FAIL" if problems else "PASS", level))
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, IndexError, UnicodeDecodeError, zlib.error) as unreadable:
        print("verify.py: %s" % unreadable, file=sys.stderr)
        sys.exit(2)
