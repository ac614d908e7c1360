#!/usr/bin/env python3
"""Lets Prometheus scrape a running Onsale, and asks for every expression of every dashboard and alert rule.

check-expressions.py MANAGEMENT_URL [SECONDS]

Fails if an expression of a dashboard has no data, or if a metric of an alert rule is not in the scrape. Something must be
sold meanwhile. Needs Debian's package prometheus. Ends after at most SECONDS (90) and 30 more.
"""
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import generate

root = pathlib.Path(__file__).resolve().parents[2]
RATE = "1m"
# Metrics that exist only after something went wrong, or with a setting: docs/operations.md.
LAZY = {"onsale_dead_letters_waiting", "ssl_chain_expiry_seconds"}


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def start(target, folder, port):
    (folder / "rules.yml").write_text((root / "deploy/prometheus/onsale-rules.yml").read_text())
    (folder / "prometheus.yml").write_text(f"""
global: {{scrape_interval: 2s, evaluation_interval: 5s}}
rule_files: [rules.yml]
scrape_configs:
  - {{job_name: onsale, metrics_path: /actuator/prometheus, static_configs: [{{targets: ["{target}"]}}]}}
""")
    return subprocess.Popen(
        ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
         f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"], stdout=subprocess.DEVNULL)


def values(base, expression):
    answer = json.loads(get(f"{base}/api/v1/query?{urllib.parse.urlencode({'query': expression})}"))
    # NaN is what a quotient or a quantile of nothing is: no data.
    return [one for one in answer["data"]["result"] if one["value"][1] != "NaN"]


def missing(base, expressions):
    return [name for name, expression in expressions if not values(base, expression)]


def expressions():
    found = []
    for dashboard in generate.source():
        for panel in dashboard["panel"]:
            for legend, expression in generate.queries(panel, RATE):
                found.append((f"{dashboard['file']} / {panel['title']} / {legend}", expression))
    rules = re.sub(r"#.*", "", (root / "deploy/prometheus/onsale-rules.yml").read_text())
    rules = re.sub(r"(summary|runbook_url):.*", "", rules)
    for metric in sorted(set(re.findall(r"\b((?:onsale|reservation|http_server|ssl)_\w+)\b", rules)) - LAZY):
        found.append((f"alert rules / {metric}", metric))
    return found


def main():
    target = sys.argv[1].removeprefix("http://").rstrip("/")
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 90
    with tempfile.TemporaryDirectory() as name:
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        prometheus = start(target, pathlib.Path(name), port)
        try:
            asked, until = expressions(), time.monotonic() + seconds
            without = [name for name, _ in asked]
            while without and time.monotonic() < until:
                time.sleep(3)
                if prometheus.poll() is not None:
                    sys.exit("Prometheus did not start")
                try:
                    without = missing(base, asked)
                except OSError:
                    pass
            print(f"{len(asked) - len(without)} of {len(asked)} expressions have data")
            print("\n".join(f"No data: {name}" for name in without), end="\n" if without else "")
            sys.exit(1 if without else 0)
        finally:
            prometheus.terminate()
            prometheus.wait(timeout=30)


if __name__ == "__main__":
    main()
