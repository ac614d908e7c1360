#!/usr/bin/env python3
"""Writes dashboards/*.json from dashboards.toml. With --check it only says whether they are up to date."""
import json
import pathlib
import sys
import tomllib

here = pathlib.Path(__file__).resolve().parent
COLUMNS, WIDTH, HEIGHT = 2, 12, 8


def source():
    return tomllib.loads((here / "dashboards.toml").read_text())["dashboard"]


def queries(panel, rate):
    """Legend and expression of each query of a panel."""
    return [(legend, expression.replace("$rate", rate)) for legend, expression in panel["queries"].items()]


def panel_json(number, panel):
    targets = [
        {"refId": chr(ord("A") + index), "expr": expression, "legendFormat": legend,
         "datasource": {"type": "prometheus", "uid": "${datasource}"}}
        for index, (legend, expression) in enumerate(queries(panel, "$__rate_interval"))
    ]
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel["title"],
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "gridPos": {"h": HEIGHT, "w": WIDTH, "x": number % COLUMNS * WIDTH, "y": number // COLUMNS * HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.get("unit", "short"), "min": 0}, "overrides": []},
        "options": {"legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]},
                    "tooltip": {"mode": "multi"}},
        "targets": targets,
    }


def dashboard_json(dashboard):
    return {
        "uid": "onsale-" + dashboard["file"],
        "title": dashboard["title"],
        "tags": ["onsale"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "10s",
        "time": {"from": "now-30m", "to": "now"},
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}]},
        "annotations": {"list": []},
        "panels": [panel_json(number, panel) for number, panel in enumerate(dashboard["panel"])],
    }


def main():
    wanted = {f"{one['file']}.json": json.dumps(dashboard_json(one), indent=2) + "\n" for one in source()}
    folder = here / "dashboards"
    if "--check" in sys.argv:
        present = {file.name: file.read_text() for file in folder.glob("*.json")}
        stale = sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))
        print(f"Stale: {', '.join(stale)}. Run deploy/grafana/generate.py" if stale else "The dashboards are up to date")
        sys.exit(1 if stale else 0)
    folder.mkdir(exist_ok=True)
    for file in folder.glob("*.json"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text)


if __name__ == "__main__":
    main()
