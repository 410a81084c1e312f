"""Slicer's own views without Slicer: slice and 3-D views drawn by its displayable managers, off screen.

Only slicer-core. Works where VTK finds EGL (on Debian: libegl1 libegl-mesa0 libgl1-mesa-dri).
"""

from __future__ import annotations

import numpy as np
import slicer
import vtk
from vtk.util import numpy_support

#: What a slice view and a 3-D view draw of a scene.
SLICE_MANAGERS = ("vtkMRMLSegmentationsDisplayableManager2D", "vtkMRMLModelSliceDisplayableManager")
VIEW_MANAGERS = ("vtkMRMLSegmentationsDisplayableManager3D", "vtkMRMLModelDisplayableManager")


class Views:
    """Views on one scene, each `width` by `height` pixels. Everything is kept alive until the process ends."""

    def __init__(self, scene, width: int, height: int) -> None:
        self._scene, self._size = scene, (width, height)
        self._kept: list = []
        self._logic = slicer.vtkSlicerApplicationLogic()
        self._logic.SetMRMLScene(scene)
        colors = self._logic.GetColorLogic()
        colors.SetMRMLScene(scene)
        colors.AddDefaultColorNodes()
        self._logic.SetModuleLogic("Colors", colors)
        self._slices, self._views = vtk.vtkCollection(), vtk.vtkCollection()
        self._logic.SetSliceLogics(self._slices)
        self._logic.SetViewLogics(self._views)
        slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(scene, True)
        self._factories = {
            "slice": self._factory(slicer.vtkMRMLSliceViewDisplayableManagerFactory, SLICE_MANAGERS),
            "view": self._factory(slicer.vtkMRMLThreeDViewDisplayableManagerFactory, VIEW_MANAGERS),
        }

    def slice(self, name: str, orientation: str, volume, offset_mm: float, color, zoom: float = 1.0) -> np.ndarray:
        """A slice view's picture, (row, column, rgb) from the top."""
        logic = slicer.vtkMRMLSliceLogic()
        logic.SetMRMLScene(self._scene)
        logic.SetMRMLApplicationLogic(self._logic)
        node = logic.AddSliceNode(name)
        self._slices.AddItem(logic)
        node.SetOrientation(orientation)
        node.SetDimensions(*self._size, 1)
        logic.GetSliceCompositeNode().SetBackgroundVolumeID(volume.GetID())
        logic.FitSliceToAll(*self._size)
        x, y, z = node.GetFieldOfView()
        node.SetFieldOfView(x / zoom, y / zoom, z)
        logic.SetSliceOffset(offset_mm)

        renderer, window = self._window()
        renderer.SetBackground(0, 0, 0)
        mapper = vtk.vtkImageMapper()
        mapper.SetColorWindow(255)
        mapper.SetColorLevel(127.5)
        mapper.SetInputConnection(logic.GetImageDataConnection())
        image = vtk.vtkActor2D()
        image.SetMapper(mapper)
        image.GetProperty().SetDisplayLocationToBackground()
        renderer.AddActor2D(image)  # before the managers, or it hides what they draw
        group = self._factories["slice"].InstantiateDisplayableManagers(renderer)
        group.SetMRMLDisplayableNode(node)
        self._caption(renderer, name, color)
        self._kept += [logic, node, mapper, image, group]
        return self._picture(window)

    def three_d(self, name: str, focus_ras, from_ras, distance_mm: float, caption: str) -> np.ndarray:
        """A 3-D view's picture, seen from a direction."""
        node = self._scene.AddNewNodeByClass("vtkMRMLViewNode", name)
        node.SetBoxVisible(False)
        node.SetAxisLabelsVisible(False)
        renderer, window = self._window()
        renderer.GradientBackgroundOn()
        renderer.SetBackground(0.76, 0.77, 0.91)
        renderer.SetBackground2(0.45, 0.47, 0.75)
        lights = vtk.vtkLightKit()
        lights.AddLightsToRenderer(renderer)
        group = self._factories["view"].InstantiateDisplayableManagers(renderer)
        group.SetMRMLDisplayableNode(node)
        self._caption(renderer, caption, (0.1, 0.1, 0.2))
        camera = renderer.GetActiveCamera()
        direction = np.array(from_ras) / np.linalg.norm(from_ras)
        camera.SetFocalPoint(*focus_ras)
        camera.SetPosition(*(np.array(focus_ras) + distance_mm * direction))
        camera.SetViewUp(0, 0, 1)
        renderer.ResetCameraClippingRange()
        self._kept += [node, lights, group]
        return self._picture(window, renderer)

    def _factory(self, kind, managers):
        factory = kind.GetInstance()
        factory.SetMRMLApplicationLogic(self._logic)
        for manager in managers:
            factory.RegisterDisplayableManager(manager)
        return factory

    def _window(self):
        window, renderer = vtk.vtkRenderWindow(), vtk.vtkRenderer()
        window.SetOffScreenRendering(1)
        window.SetSize(*self._size)
        window.SetMultiSamples(8)
        window.AddRenderer(renderer)
        interactor = vtk.vtkGenericRenderWindowInteractor()
        interactor.SetRenderWindow(window)
        self._kept += [window, renderer, interactor]
        return renderer, window

    def _caption(self, renderer, text: str, color) -> None:
        bar = vtk.vtkTextActor()
        bar.SetInput(text)
        bar.SetPosition(10, self._size[1] - 26)
        look = bar.GetTextProperty()
        look.SetFontSize(15)
        look.SetBold(True)
        look.SetColor(*color)
        renderer.AddActor2D(bar)
        self._kept.append(bar)

    @staticmethod
    def _picture(window, renderer=None) -> np.ndarray:
        window.Render()
        if renderer is not None:
            renderer.ResetCameraClippingRange()
            window.Render()
        grab = vtk.vtkWindowToImageFilter()
        grab.SetInput(window)
        grab.ReadFrontBufferOff()
        grab.Update()
        image = grab.GetOutput()
        width, height, _ = image.GetDimensions()
        pixels = numpy_support.vtk_to_numpy(image.GetPointData().GetScalars()).reshape(height, width, -1)
        return pixels[::-1, :, :3].copy()
