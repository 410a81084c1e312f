"""A workflow and a host in words, for the panel. Pure text; what the host says is escaped."""

from __future__ import annotations

from html import escape

from . import sentences


def label_of(workflow) -> str:
    """One line for the list."""
    title = workflow.title or workflow.name
    marks = {"failed": "cannot run", "loading": "loading"}
    parts = [part for part in (workflow.modality, marks.get(workflow.state, "")) if part]
    return f"{title} ({', '.join(parts)})" if parts else title


def explain(workflow) -> str:
    """What the workflow says of itself, as rich text."""
    lines = []
    if workflow.state == "failed":
        lines.append(f'<span style="color:#c62828">{escape(workflow.failure or "It cannot run.")}</span>')
    elif workflow.reload_failure:
        lines.append(f"A newer version was refused, this one goes on: {escape(workflow.reload_failure)}")
    if workflow.description:
        lines.append(escape(workflow.description))
    lines.append(escape(" · ".join(_facts(workflow))))
    if workflow.intended_use:
        lines.append(f"Meant for: {escape(workflow.intended_use)}")
    return "<br>".join(line for line in lines if line)


def _facts(workflow) -> list[str]:
    facts = []
    if workflow.typical_duration_s is not None:
        facts.append(f"takes about {sentences.short_duration(workflow.typical_duration_s)}")
    elif workflow.state == "ready":
        facts.append("has not run on this host yet")
    if workflow.device:
        facts.append(f"on {workflow.device.upper()}")
    if workflow.state == "loading" or (workflow.state == "ready" and not workflow.resident):
        facts.append("will be loaded first")
    if workflow.version:
        facts.append(f"version {workflow.version}")
    return facts


def connected(host_version: str, workflows) -> str:
    """The verdict when all is well."""
    ready = sum(1 for workflow in workflows if workflow.state != "failed")
    failed = len(workflows) - ready
    if not workflows:
        return f"Connected to Voxhost {host_version}. It has no workflow yet: put a bundle into its workflows folder."
    text = f"Connected to Voxhost {host_version}: {ready} workflow{'' if ready == 1 else 's'}."
    return text if not failed else f"{text} {failed} cannot run."
