"""Where the host is: address, token, Connect, a host on this computer, and the verdict."""

from __future__ import annotations

import qt

from .signals import on

COLORS = {"none": "palette(text)", "connecting": "palette(text)", "connected": "#2e7d32", "refused": "#c62828"}


class HostPanel:
    """`on_connect(address, token, tls)` and `on_local()` are called when asked for."""

    def __init__(self, layout, addresses: list[str], tls_of, on_connect, on_local) -> None:
        self._on_connect, self._tls_of = on_connect, tls_of
        self.address = qt.QComboBox()
        self.address.setEditable(True)
        self.address.setToolTip("Where the host listens: name:port, as its administrator says.")
        self.address.setSizePolicy(qt.QSizePolicy.Expanding, qt.QSizePolicy.Preferred)
        for address in addresses:
            self.address.addItem(address)
        on(self.address, "currentIndexChanged(int)", self._address_chosen)
        on(self.address.lineEdit(), "returnPressed()", self._connect)

        self.connect_button = qt.QPushButton("Connect")
        self.connect_button.setToolTip("Looks for the host and lists its workflows.")
        on(self.connect_button, "clicked()", self._connect)
        row = qt.QHBoxLayout()
        row.addWidget(self.address)
        row.addWidget(self.connect_button)
        layout.addRow("Address:", row)

        self.token = qt.QLineEdit()
        self.token.setEchoMode(qt.QLineEdit.Password)
        self.token.setPlaceholderText("only if the host wants one; kept until Slicer ends")
        on(self.token, "returnPressed()", self._connect)
        layout.addRow("Token:", self.token)

        self.tls = qt.QCheckBox("Encrypted (TLS)")
        self.authority = qt.QLineEdit()
        self.authority.setPlaceholderText("this computer's authorities, or a .pem file")
        on(self.tls, "toggled(bool)", lambda on_, *_: self.authority.setEnabled(on_))
        self.authority.setEnabled(False)
        row = qt.QHBoxLayout()
        row.addWidget(self.tls)
        row.addWidget(self.authority)
        layout.addRow("", row)
        self._address_chosen()

        self.local_button = qt.QPushButton("Start a host on this computer")
        self.local_button.setToolTip("Starts a host of your own, with the workflows of your voxhost folder.")
        on(self.local_button, "clicked()", lambda *_: on_local())
        layout.addRow("", self.local_button)

        self.verdict = qt.QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(qt.Qt.TextSelectableByMouse)
        layout.addRow("", self.verdict)

    def show(self, state, busy: bool) -> None:
        """Shows a `ConnectionState`. While a run is under way the host cannot be changed."""
        self.verdict.setText(state.verdict)
        self.verdict.setStyleSheet(f"color: {COLORS[state.phase]}")
        free = state.phase != "connecting" and not busy
        self.connect_button.setEnabled(free)
        self.local_button.setEnabled(free and not state.local)
        self.connect_button.setText("Connect again" if state.phase == "connected" else "Connect")
        if state.phase == "connected":
            self.address.setEditText(state.address)

    def _address_chosen(self, *_) -> None:
        """A remembered address brings its own way of encryption."""
        tls = self._tls_of(self.address.property("currentText"))
        self.tls.setChecked(tls is not False)
        self.authority.setText(tls if isinstance(tls, str) else "")

    def _connect(self, *_) -> None:
        authority = self.authority.property("text").strip()
        tls = (authority or True) if self.tls.property("checked") else False
        self._on_connect(self.address.property("currentText").strip(), self.token.property("text"), tls)
