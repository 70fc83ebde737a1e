"""PyTorch's side of `glassbox train images FOLDER --pretrained RUN`, from weights that `cifar_pictures.py --save` has left."""

import torch
from safetensors.torch import load_file

import pictures
from models import ResNetCIFAR
from training import Training, arguments, make_optimizer, one_cycle


def main():
    options = arguments(
        __doc__, "folder", epochs=10, frozen_epochs=2, batch_size=64, course="fine-tuning", learning_rate=0.01, optimizer="adamw",
        weight_decay=0.01, nesterov=0, label_smoothing=0.1, blocks=3, width=16, crop_padding=4, flips=1)
    loader, test, names = pictures.loaders(options)
    model = ResNetCIFAR(options.blocks, classes=len(names), width=options.width).to(memory_format=torch.channels_last)
    state = load_file(options.pretrained)
    model.load_state_dict({name: x for name, x in state.items() if not name.startswith("fc.")}, strict=False)
    training = Training(model, loader, test, options, names)
    training.run(lambda: fine_tune(training, options))


def fine_tune(training, options):
    """The head alone, then all layers, the earlier the slower, as Learner.fineTune (Howard & Ruder, 2018, §3.2)."""
    model, steps, rate = training.model, len(training.loader), options.learning_rate
    groups = model.parameter_groups()
    # One for both parts, so that it keeps what it has learned of the head.
    optimizer = make_optimizer(options, groups)
    normalisations = {
        parameter for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d) for parameter in module.parameters()}
    for group in groups[:-1]:
        for parameter in group:
            parameter.requires_grad = parameter in normalisations
    if options.frozen_epochs:
        training.fit(optimizer, one_cycle(optimizer, rate, options.frozen_epochs * steps, rise=0.99), options.frozen_epochs)
    for parameter in model.parameters():
        parameter.requires_grad = True
    rates = [rate / 2 * 100 ** (number / (len(groups) - 1) - 1) for number in range(len(groups))]
    training.fit(optimizer, one_cycle(optimizer, rates, options.epochs * steps, rise=0.3, divisor=5), options.epochs)


if __name__ == "__main__":
    main()
