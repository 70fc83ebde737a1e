"""PyTorch's side of `glassbox train images FOLDER`, where FOLDER has train/CLASS/NAME and test/CLASS/NAME of 32×32 pixels."""

import torch

import pictures
from models import ResNetCIFAR
from training import Training, arguments, make_optimizer, one_cycle


def main():
    options = arguments(
        __doc__, "folder", epochs=20, batch_size=128, course="one cycle", learning_rate=0.4, optimizer="sgd", weight_decay=5e-4,
        nesterov=1, label_smoothing=0.1, blocks=3, width=16, crop_padding=4, flips=1)
    loader, test, names = pictures.loaders(options)
    model = ResNetCIFAR(options.blocks, classes=len(names), width=options.width).to(memory_format=torch.channels_last)
    training = Training(model, loader, test, options, names)

    def train():
        optimizer = make_optimizer(options, [model.parameters()])
        training.fit(optimizer, one_cycle(optimizer, options.learning_rate, options.epochs * len(loader)), options.epochs)

    training.run(train)


if __name__ == "__main__":
    main()
