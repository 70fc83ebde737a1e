"""Goldens for what explains a classifier's decisions, as captum has it: saliency, integrated gradients, Grad-CAM.

Needs captum 0.9, torch 2.15 and safetensors 0.8. Writes Tests/Goldens/attributions.safetensors; run it from anywhere:

    python scripts/goldens/attributions.py

state.* is a small convolutional network's, x [3, 2, 10, 8] the pictures, classes [3] whose logits are explained, baseline [1, 2, 10, 8].
"""

import torch
from captum import attr
from store import store
from torch import nn

if __name__ == "__main__":
    torch.manual_seed(9)
    model = nn.Sequential(
        nn.Conv2d(2, 5, 3, padding=1), nn.BatchNorm2d(5), nn.Tanh(), nn.MaxPool2d(2), nn.Conv2d(5, 4, 3, padding=1), nn.ReLU(),
        nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Dropout(0.5), nn.Linear(16, 6)).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight *= 3
    model(torch.randn(20, 2, 10, 8, dtype=torch.float64))
    model.eval()
    x, classes = torch.randn(3, 2, 10, 8, dtype=torch.float64), torch.tensor([4, 0, 5])
    baseline = torch.randn(1, 2, 10, 8, dtype=torch.float64) * 0.1
    gradients = attr.IntegratedGradients(model)
    cam = attr.LayerGradCam(model, model[5]).attribute(x, classes, relu_attributions=True)
    goldens = {f"state.{name}": tensor for name, tensor in model.state_dict().items()}
    goldens |= {
        "x": x, "classes": classes, "baseline": baseline,
        "saliency": attr.Saliency(model).attribute(x.clone().requires_grad_(), classes),
        "integrated": gradients.attribute(x, target=classes, n_steps=16, method="riemann_middle"),
        "integrated.baseline": gradients.attribute(x, baseline, classes, n_steps=8, method="riemann_middle"),
        "cam": attr.LayerAttribution.interpolate(cam, (10, 8), interpolate_mode="bilinear")[:, 0],
    }
    store(goldens, "attributions")
