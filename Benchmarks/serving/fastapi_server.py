"""LeNet with Glassbox's weights behind FastAPI, as one writes it: a request is a picture, its answer all classes with their probabilities.

`fastapi_server.py MODEL PORT [--batched]`: with --batched, what comes while the network computes is its next batch, as in Glassbox.
"""

import argparse
import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import fastapi
import pydantic
import torch
import uvicorn
from safetensors import safe_open


class LeNet(torch.nn.Sequential):
    """As Glassbox's: convolutions of 5×5 with rectifiers and pooling, three affine maps."""

    def __init__(self):
        super().__init__()
        layers = {
            "conv1": torch.nn.Conv2d(1, 6, 5, padding=2), "relu1": torch.nn.ReLU(), "pool1": torch.nn.MaxPool2d(2),
            "conv2": torch.nn.Conv2d(6, 16, 5), "relu2": torch.nn.ReLU(), "pool2": torch.nn.MaxPool2d(2),
            "flatten": torch.nn.Flatten(), "fc1": torch.nn.Linear(400, 120), "relu3": torch.nn.ReLU(),
            "fc2": torch.nn.Linear(120, 84), "relu4": torch.nn.ReLU(), "fc3": torch.nn.Linear(84, 10)}
        for name, layer in layers.items():
            self.add_module(name, layer)


class Picture(pydantic.BaseModel):
    pixels: list[list[int]]


class Network:
    def __init__(self, path):
        with safe_open(path, "pt") as file:
            metadata = file.metadata()
            weights = {name: file.get_tensor(name) for name in file.keys()}
        self.model = LeNet().eval()
        self.model.load_state_dict(weights)
        preparation = json.loads(metadata["preparation"])
        self.classes = json.loads(metadata["class_names"])
        self.mean, self.deviation = preparation["mean"][0], preparation["standardDeviation"][0]

    @torch.inference_mode()
    def answers(self, pictures):
        x = torch.tensor(pictures, dtype=torch.float32).unsqueeze(1) / 255
        probabilities = self.model((x - self.mean) / self.deviation).softmax(1)
        return [self.answer(row) for row in probabilities.tolist()]

    def answer(self, probabilities):
        pairs = sorted(zip(self.classes, probabilities), key=lambda pair: -pair[1])
        return {"candidates": [{"class": name, "probability": value} for name, value in pairs]}


class Batcher:
    """Computes on a thread of its own; requests that wait are one batch."""

    def __init__(self, network, limit=32):
        self.network, self.limit = network, limit
        self.waiting, self.thread = asyncio.Queue(), ThreadPoolExecutor(1)

    async def answer(self, pixels):
        future = asyncio.get_running_loop().create_future()
        await self.waiting.put((pixels, future))
        return await future

    async def run(self):
        while True:
            batch = [await self.waiting.get()]
            while len(batch) < self.limit and not self.waiting.empty():
                batch.append(self.waiting.get_nowait())
            pictures = [pixels for pixels, _ in batch]
            answers = await asyncio.get_running_loop().run_in_executor(self.thread, self.network.answers, pictures)
            for (_, future), answer in zip(batch, answers):
                if not future.cancelled():
                    future.set_result(answer)


def application(network, is_batched):
    app = fastapi.FastAPI()
    if is_batched:
        batcher = None

        @app.post("/predict")
        async def predict(picture: Picture):
            nonlocal batcher
            if batcher is None:
                batcher = Batcher(network)
                app.state.task = asyncio.create_task(batcher.run())
            return await batcher.answer(picture.pixels)
    else:

        @app.post("/predict")
        async def predict(picture: Picture):
            return network.answers([picture.pixels])[0]

    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("port", type=int)
    parser.add_argument("--batched", action="store_true")
    options = parser.parse_args()
    # A network this small gains nothing from a second thread, and the event loop needs a core.
    torch.set_num_threads(1)
    uvicorn.run(
        application(Network(options.model), options.batched), host="127.0.0.1", port=options.port, log_level="error",
        access_log=False)
