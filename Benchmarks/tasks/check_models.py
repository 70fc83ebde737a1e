"""Checks that PyTorch's networks here are Glassbox's: as many parameters, and for equal weights equal outputs and training steps.

Both sides are held against the same files in Tests/Goldens: Glassbox by its own tests (TraceTests, TabularNetworkTests), PyTorch here.
A task's driver checks once more, with each run's trained weights on the test data.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file

from models import ResNetCIFAR, TabularNetwork

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts/goldens"))
from traces import start, trace, wave  # noqa: E402


def main():
    count = sum(parameter.numel() for parameter in ResNetCIFAR(blocks=3).parameters())
    require(count == 269_722, f"ResNetCIFAR(blocks: 3) has {count} parameters, and Glassbox's 269722")

    model = start(ResNetCIFAR(blocks=3).double())
    optimizer = torch.optim.SGD(model.parameters(), 0.02, momentum=0.9, weight_decay=1e-4)
    losses = trace(model, optimizer, wave(92, 4, 3, 16, 16), torch.arange(4) * 3)
    golden = load_file(ROOT / "Tests/Goldens/traces.safetensors")["resnet20.float64"]
    require(torch.allclose(losses, golden, rtol=1e-9, atol=0), f"ResNetCIFAR's losses are {losses}, not {golden}")

    goldens = load_file(ROOT / "Tests/Goldens/tabular_network.safetensors")
    case = {name.removeprefix("both."): tensor for name, tensor in goldens.items() if name.startswith("both.")}
    model = TabularNetwork(3, [9, 4], 2, [8, 6])
    model.load_state_dict({name.removeprefix("state."): x for name, x in case.items() if name.startswith("state.")})
    y = model((case["numbers"], case["categories"]))
    require(torch.allclose(y, case["y"], rtol=1e-5, atol=1e-6), f"TabularNetwork gives {y}, not {case['y']}")
    print("ResNetCIFAR and TabularNetwork are Glassbox's: parameters, outputs and ten training steps agree")


def require(holds, message):
    if not holds:
        sys.exit(message)


if __name__ == "__main__":
    main()
