"""Runs a composite action as GitHub's runner does, as far as this project's needs it: inputs, expressions, outputs."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from conftest import clean


@dataclass
class Ran:
    """What came of an action."""

    status: int = 0
    log: str = ""
    used: list = field(default_factory=list)
    """The steps that use other actions: each its name and what it is given."""
    outputs: dict = field(default_factory=dict)


class Runner:
    def __init__(self, action: Path, inputs: dict, context: dict):
        self.action = yaml.safe_load(action.read_text())
        known = self.action["inputs"]
        assert set(inputs) <= set(known), "an input that the action does not have"
        self.values = dict(context)
        for name, about in known.items():
            self.values[f"inputs.{name}"] = self.fill(inputs.get(name, about["default"]))

    def fill(self, text):
        return re.sub(r"\$\{\{(.+?)\}\}", lambda found: str(self.value(found.group(1)) or ""), str(text))

    def value(self, expression):
        """An expression of names, texts, `==`, `!=`, `&&` and `||`."""
        parts = re.split(r"('[^']*')", expression)
        for at in range(0, len(parts), 2):
            names = re.sub(r"[a-z]+(?:\.[\w-]+)+", lambda name: repr(self.values.get(name.group(0), "")), parts[at])
            parts[at] = names.replace("&&", " and ").replace("||", " or ")
        return eval("".join(parts), {"__builtins__": {}})

    def run(self, folder: Path, temporary: Path, **environment: str) -> Ran:
        ran = Ran()
        for step in self.action["runs"]["steps"]:
            if "if" in step and not self.value(step["if"]):
                continue
            if "uses" in step:
                ran.used.append((step["uses"], {name: self.fill(text) for name, text in step["with"].items()}))
                continue
            outputs = temporary / "outputs"
            outputs.write_text("")
            script = temporary / "step.sh"
            script.write_text(self.fill(step["run"]))
            own = {name: self.fill(text) for name, text in step.get("env", {}).items()}
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
                cwd=folder / self.fill(step.get("working-directory", ".")),
                env=clean(**{**environment, "RUNNER_TEMP": str(temporary), "GITHUB_OUTPUT": str(outputs), **own}),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            ran.log += f"##[group]{step['name']}\n{done.stdout}"
            for line in outputs.read_text().splitlines():
                name, _, value = line.partition("=")
                self.values[f"steps.{step.get('id')}.outputs.{name}"] = value
            if done.returncode:
                ran.status = done.returncode
                break
        ran.outputs = {name: self.fill(about["value"]) for name, about in self.action["outputs"].items()}
        return ran
