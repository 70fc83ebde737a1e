"""PyTorch's side of `glassbox train mnist --model resnet`."""

import torch

import pictures
from models import ResNetCIFAR
from training import EVALUATION_BATCH, Training, arguments, make_optimizer, one_cycle

MOMENTS = [0.1307], [0.3081]


def main():
    options = arguments(
        __doc__, "folder", epochs=8, batch_size=128, course="one cycle", learning_rate=0.01, optimizer="adamw", weight_decay=0.01,
        nesterov=0, label_smoothing=0.0, blocks=2, width=16, crop_padding=2)
    train, test = pictures.mnist(options.folder)
    loader = pictures.Batches(train, options.batch_size, *MOMENTS, training=True, padding=options.crop_padding)
    model = ResNetCIFAR(options.blocks, channels=1, width=options.width).to(memory_format=torch.channels_last)
    training = Training(model, loader, pictures.Batches(test, EVALUATION_BATCH, *MOMENTS), options)

    def train_all():
        optimizer = make_optimizer(options, [model.parameters()])
        training.fit(optimizer, one_cycle(optimizer, options.learning_rate, options.epochs * len(loader)), options.epochs)

    training.run(train_all)


if __name__ == "__main__":
    main()
