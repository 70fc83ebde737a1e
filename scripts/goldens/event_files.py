"""Writes Tests/Goldens/tensorboard: event files as PyTorch's SummaryWriter and TensorBoard's own classes write them.

Needs torch and tensorboard from PyPI. Run it from anywhere: python scripts/goldens/tensorboard.py

- pytorch.tfevents: by torch.utils.tensorboard.SummaryWriter, scalars of both kinds.
- first.tfevents, resumed.tfevents: a training, and its resumption at step 3, in the exact bytes that TensorBoardWriter is to write: made by
  SummaryWriter, without the name of the writer and the second file_version that it adds. TensorBoard's EventAccumulator has read them.
- tensorflow.tfevents: scalars as TensorFlow 2 lays them out, whose metadata come with the first value of a tag alone.
- picture.png: the picture in them.
"""

import io
import logging
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2
from tensorboard.summary.writer.record_writer import RecordWriter
from torch.utils.tensorboard import SummaryWriter

folder = Path(__file__).resolve().parents[2] / "Tests" / "Goldens" / "tensorboard"
folder.mkdir(parents=True, exist_ok=True)
logging.getLogger("tensorboard").setLevel(logging.ERROR)

# Every record bears the same time.
now = 1_700_000_000.25
time.time = lambda: now

pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[0, 0, 0], [128, 128, 128], [255, 255, 255]]], dtype=np.uint8)
picture = folder / "picture.png"
if not picture.exists():  # its bytes are zlib's affair
    Image.fromarray(pixels).save(picture)
encoded = picture.read_bytes()
weights = torch.tensor([-2.5, -1.0, -0.25, 0.0, 0.0, 0.125, 0.5, 0.5, 3.0, 1000.0])


def events(write, **options):
    """What SummaryWriter wrote in `write`: its bytes, and its events."""
    with tempfile.TemporaryDirectory() as place:
        writer = SummaryWriter(place, **options)
        write(writer)
        writer.close()
        (file,) = Path(place).iterdir()
        return file.read_bytes(), list(LegacyEventFileLoader(str(file)).Load())


def store(name, records):
    file = io.BytesIO()
    writer = RecordWriter(file)
    for event in records:
        writer.write(event.SerializeToString())
    (folder / name).write_bytes(file.getvalue())


def plain(records):
    """Without what says which class has written them."""
    kept = []
    for index, event in enumerate(records):
        event.ClearField("source_metadata")
        for value in event.summary.value:
            if value.HasField("image"):
                value.image.encoded_image_string = encoded
        if index == 0 or not event.file_version:
            kept.append(event)
    return kept


def first(writer):
    for step in range(5):
        writer.add_scalar("loss/train", [0.5, 0.25, float("nan"), 1e-30, float("inf")][step], step)
    writer.add_scalar("Genauigkeit größer", 0.0, 2**40)
    writer.add_histogram("weights", weights, 4)
    writer.add_histogram("zeros", torch.zeros(3), 4)
    writer.add_image("picture", torch.from_numpy(pixels), 4, dataformats="HWC")
    writer.add_text("note", "**bold** é\n\nsecond", 4)
    writer.add_text("empty", "", 4)


def resumed(writer):
    writer.add_scalar("loss/train", 0.125, 3)
    writer.add_scalar("loss/train", -1.0, -1)


def both(writer):
    writer.add_scalar("plain", 0.1, 7)
    writer.add_scalar("tensor", 0.1, 8, new_style=True)
    writer.add_scalar("double", 0.1, 9, new_style=True, double_precision=True)
    writer.add_histogram("weights", weights, 10)
    writer.add_text("note", "a text", 11)


(folder / "pytorch.tfevents").write_bytes(events(both)[0])
store("first.tfevents", plain(events(first)[1]))
store("resumed.tfevents", plain(events(resumed, purge_step=3)[1]))

metadata = summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars"))
loss = [
    summary_pb2.Summary.Value(
        tag="loss", metadata=metadata if step == 0 else None,
        tensor=tensor_pb2.TensorProto(dtype=1, tensor_shape={}, tensor_content=np.float32(value).tobytes()))
    for step, value in enumerate([0.5, 0.25])
]
other = summary_pb2.Summary.Value(tag="no scalar", tensor=tensor_pb2.TensorProto(dtype=1, float_val=[1]))
store(
    "tensorflow.tfevents",
    [event_pb2.Event(wall_time=now, file_version="brain.Event:2")]
    + [event_pb2.Event(wall_time=now + step, step=step, summary=summary_pb2.Summary(value=[value, other])) for step, value in enumerate(loss)],
)

# TensorBoard reads them as they were meant.
with tempfile.TemporaryDirectory() as place:
    for number, name in enumerate(["first", "resumed"]):
        (Path(place) / f"events.out.tfevents.{number}").write_bytes((folder / f"{name}.tfevents").read_bytes())
    read = EventAccumulator(place).Reload()
    assert [(x.step, x.value) for x in read.Scalars("loss/train") if x.step < 2] == [(0, 0.5), (1, 0.25), (-1, -1.0)]
    assert [x.step for x in read.Scalars("loss/train")] == [0, 1, 2, 3, -1]
    assert not read.Tags()["histograms"] or not read.Histograms("weights")  # of step 4: done again
    alone = EventAccumulator(str(folder / "first.tfevents")).Reload()
    histogram = alone.Histograms("weights")[0].histogram_value
    assert (histogram.num, histogram.min, histogram.max, histogram.sum) == (10, -2.5, 1000, 1000.375) and sum(histogram.bucket) == 10
    assert alone.Images("picture")[0].encoded_image_string == encoded
    assert alone.Tensors("note/text_summary")[0].tensor_proto.string_val == ["**bold** é\n\nsecond".encode()]
print("tensorboard:", *(f"{file.name} {file.stat().st_size}" for file in sorted(folder.iterdir())))
