"""What may be set: a form made from the workflow's declaration."""

from __future__ import annotations

import qt

from ..job.parameters import DECIMALS, Field, changed_values, field_of


class ParameterPanel:
    """Shows fields and gives the values that differ from the defaults."""

    def __init__(self, layout) -> None:
        self._layout = layout
        self._holder = None
        self._fields: list[Field] = []
        self.widgets: dict[str, object] = {}

    def show(self, parameters: tuple) -> None:
        """Makes the form of a workflow's parameters, at their defaults."""
        if self._holder is not None:
            self._layout.removeWidget(self._holder)
            self._holder.setParent(None)
            self._holder.deleteLater()
        self._fields = [field_of(parameter) for parameter in parameters]
        self._holder = qt.QWidget()
        form = qt.QFormLayout(self._holder)
        form.setContentsMargins(0, 0, 0, 0)
        self.widgets = {field.name: _widget_for(field) for field in self._fields}
        for field in self._fields:
            form.addRow(f"{field.label}:", self.widgets[field.name])
        if not self._fields:
            form.addRow(qt.QLabel("This workflow has none."))
        self._layout.addWidget(self._holder)

    def values(self) -> dict[str, object]:
        """Values by name, as far as they differ from the defaults."""
        return changed_values(self._fields, {field.name: _value_of(field, self.widgets[field.name]) for field in self._fields})

    def set_enabled(self, enabled: bool) -> None:
        """Whether values may be changed."""
        if self._holder is not None:
            self._holder.setEnabled(enabled)


def _widget_for(field: Field):
    if field.kind == "choice":
        widget = qt.QComboBox()
        for choice in field.choices:
            widget.addItem(str(choice))
        widget.setCurrentIndex(list(field.choices).index(field.default))
    elif field.kind == "boolean":
        widget = qt.QCheckBox()
        widget.setChecked(field.default)
    elif field.kind == "integer":
        widget = qt.QSpinBox()
        widget.setRange(field.minimum, field.maximum)
        widget.setSingleStep(field.step)
        widget.setValue(field.default)
    elif field.kind == "number":
        widget = qt.QDoubleSpinBox()
        widget.setDecimals(DECIMALS)
        widget.setRange(field.minimum, field.maximum)
        widget.setSingleStep(field.step)
        widget.setValue(field.default)
    else:
        widget = qt.QLineEdit()
        widget.setText(field.default)
    widget.setToolTip(field.tip)
    return widget


def _value_of(field: Field, widget):
    if field.kind == "choice":
        return field.choices[widget.property("currentIndex")]
    if field.kind == "boolean":
        return widget.property("checked")
    if field.kind in ("integer", "number"):
        return widget.property("value")
    return widget.property("text")
