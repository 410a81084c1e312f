"""SaveClassification: the CSV that MONAI writes for answers of classes."""

import tempfile
from pathlib import Path

import numpy as np
from monai.transforms import SaveClassificationd

from writer import Writer

VALUES = [0.0, 1.0, -1.0, 0.5, 0.1, 1 / 3, 1e-4, 9.9e-5, 1e-7, 123456.789, 1e15, 1e16, 3.4e38, -2.5e-20, 16777216.0,
          float("nan"), float("inf"), -float("inf"), -0.0]


def save_classification() -> None:
    writer = Writer("SaveClassification")
    for case, delimiter in (("comma", ","), ("semicolon", ";")):
        with tempfile.TemporaryDirectory() as folder:
            save = SaveClassificationd(keys="pred", meta_keys="meta", output_dir=folder, delimiter=delimiter)
            data = np.array(VALUES, np.float32)
            save({"pred": data, "meta": {"filename_or_obj": "head.nii.gz"}})
            text = (Path(folder) / "predictions.csv").read_text()
        writer.case(case, {
            "values": [str(v) for v in VALUES],
            "delimiter": delimiter,
            "name": "head.nii.gz",
            "csv": text,
        })


FOLDERS = {"SaveClassification": save_classification}
