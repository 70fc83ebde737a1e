"""Prints what TensorBoard's EventAccumulator finds in a folder of event files, as JSON: the tests compare it with what was written.

    python scripts/read_events.py FOLDER

Numbers that JSON has not are texts: "nan", "inf", "-inf". Pictures are [height, width, channels].
"""

import io
import json
import logging
import math
import sys

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

KINDS = {"scalars": 0, "histograms": 0, "images": 0, "tensors": 0}


def number(value):
    return value if math.isfinite(value) else str(value)


def main(folder):
    logging.getLogger("tensorboard").setLevel(logging.ERROR)
    found = EventAccumulator(folder, size_guidance=KINDS).Reload()
    tags = found.Tags()
    histograms = {tag: found.Histograms(tag) for tag in tags["histograms"]}
    pictures = {tag: found.Images(tag) for tag in tags["images"]}
    texts = {tag: found.Tensors(tag) for tag in tags["tensors"]}
    return {
        "scalars": {tag: [[x.step, x.wall_time, number(x.value)] for x in found.Scalars(tag)] for tag in tags["scalars"]},
        "histograms": {
            tag: [
                {
                    "step": x.step, "count": x.histogram_value.num, "minimum": x.histogram_value.min,
                    "maximum": x.histogram_value.max, "sum": x.histogram_value.sum, "squares": x.histogram_value.sum_squares,
                    "limits": list(x.histogram_value.bucket_limit), "counts": list(x.histogram_value.bucket),
                }
                for x in events
            ]
            for tag, events in histograms.items()
        },
        "pictures": {
            tag: [
                {
                    "step": x.step, "size": [x.height, x.width],
                    "pixels": np.atleast_3d(np.asarray(Image.open(io.BytesIO(x.encoded_image_string)))).tolist(),
                }
                for x in events
            ]
            for tag, events in pictures.items()
        },
        "texts": {
            tag: [[x.step, found.SummaryMetadata(tag).plugin_data.plugin_name, x.tensor_proto.string_val[0].decode()] for x in events]
            for tag, events in texts.items()
        },
    }


if __name__ == "__main__":
    json.dump(main(sys.argv[1]), sys.stdout, allow_nan=False)
