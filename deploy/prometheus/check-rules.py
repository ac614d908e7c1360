#!/usr/bin/env python3
"""Checks what promtool does not: each alert has a run book that exists, a case that fires and one that does not."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
rules = (root / "deploy/prometheus/onsale-rules.yml").read_text()
tests = (root / "deploy/prometheus/onsale-rules-test.yml").read_text()
PARTS = ("**Symptom.**", "**Meaning.**", "**Check.**", "**Do.**", "**Verify.**")


def sections(document):
    """Anchors, as GitHub makes them from headings, and the text below each."""
    found, anchor = {}, ""
    for line in document.read_text().splitlines():
        heading = re.match(r"#+ (.*)", line)
        if heading:
            anchor = re.sub(r"[^\w\- ]", "", heading.group(1).lower()).replace(" ", "-")
            found[anchor] = ""
        elif anchor:
            found[anchor] += line + "\n"
    return found


problems = []
for block in re.split(r"\n\s+- (?=alert: |record: )", rules)[1:]:
    name = re.match(r"alert: (\w+)", block)
    if not name:
        continue
    alert = name.group(1)
    book = re.search(r"runbook_url: (\S+?)#(\S+)", block)
    if not book:
        problems.append(f"{alert} has no runbook_url")
    else:
        section = sections(root / book.group(1)).get(book.group(2))
        if section is None:
            problems.append(f"{alert}: {book.group(1)} has no section #{book.group(2)}")
        else:
            problems += [f"{alert}: #{book.group(2)} has no {part}" for part in PARTS if part not in section]
    for kind in ("fires", "is quiet"):
        if f"name: {alert} {kind}\n" not in tests:
            problems.append(f"{alert} has no case in which it {kind}")
print("\n".join(problems) or "Each alert has a run book, a case that fires and one that does not")
sys.exit(1 if problems else 0)
