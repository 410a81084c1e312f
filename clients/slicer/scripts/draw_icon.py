"""Draws the extension's icon: a cube of voxels, of which one is lit. Needs PySide6.

    QT_QPA_PLATFORM=offscreen python scripts/draw_icon.py
"""

from math import cos, pi, sin
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen, QPolygonF

SIZE, OVERSAMPLING, COUNT = 128, 4, 3
EDGE = 19.5  # of one voxel, in pixels of the icon
FACES = {"top": "#8fb8de", "left": "#4a7fb5", "right": "#2f5f94"}
LIT = {"top": "#ffd27a", "left": "#f5a623", "right": "#d9831f"}
LIT_VOXELS = {("top", 2, 2), ("left", 2, 2), ("right", 2, 2)}


def place(x: float, y: float, z: float) -> QPointF:
    """Isometric: x to the lower right, y to the lower left, z up, from the cube's top corner at the back."""
    across, down = cos(pi / 6), sin(pi / 6)
    top = QPointF(SIZE / 2, SIZE / 2 - COUNT * EDGE)
    return top + QPointF((x - y) * EDGE * across, (x + y) * EDGE * down - z * EDGE)


def quad(face: str, a: int, b: int) -> list[QPointF]:
    """The corners of one voxel's face; a and b count along the face."""
    steps = [(0, 0), (1, 0), (1, 1), (0, 1)]
    if face == "top":
        return [place(a + p, b + q, 0) for p, q in steps]
    if face == "left":
        return [place(a + p, COUNT, -(COUNT - 1 - b) - q) for p, q in steps]
    return [place(COUNT, a + p, -(COUNT - 1 - b) - q) for p, q in steps]


def shrink(corners: list[QPointF], by: float) -> QPolygonF:
    middle = sum(corners, QPointF()) / len(corners)
    return QPolygonF([middle + (corner - middle) * by for corner in corners])


def main() -> None:
    QGuiApplication([])
    image = QImage(SIZE * OVERSAMPLING, SIZE * OVERSAMPLING, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(OVERSAMPLING, OVERSAMPLING)
    pen = QPen(QColor("#16324f"), 1.6)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    for face, color in FACES.items():
        for a in range(COUNT):
            for b in range(COUNT):
                lit = (face, a, b) in LIT_VOXELS
                painter.setBrush(QColor(LIT[face] if lit else color))
                painter.drawPolygon(shrink(quad(face, a, b), 0.94))
    painter.end()
    small = image.scaled(SIZE, SIZE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    extension = Path(__file__).resolve().parents[1]
    for file in (extension / "Voxhost.png", extension / "Voxhost" / "Resources" / "Icons" / "Voxhost.png"):
        small.save(str(file))


main()
