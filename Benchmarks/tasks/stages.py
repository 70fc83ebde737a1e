"""The tasks, as stages: a command of Glassbox's, PyTorch's script beside it, and the figures to reach."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Stage:
    """One training on either side. `glassbox` follows `glassbox train`; `pytorch` is a script and its arguments."""

    task: str
    name: str
    glassbox: list
    pytorch: list
    data: list
    wanted: dict = field(default_factory=dict)
    # Stages whose run is continued from, and whose number of epochs is taken.
    pretrained: str = ""
    as_long_as: str = ""
    # Instead of the recipe's, where fewer are enough.
    epochs: int = 0
    # Whether compiling saves PyTorch more time than it takes: in trainings of many minutes.
    compiled: bool = False
    # Whether PyTorch's script has a recipe of its own, as published, instead of that of Glassbox's run.
    own_recipe: bool = False


def stages(data, pictures):
    """All of them, in their order; `data` holds the data sets, and `pictures` the folders that folders.py makes."""
    mnist, adult, cifar = data / "mnist", data / "adult", pictures / "cifar10"
    shakespeare = data / "tinyshakespeare/input.txt"
    archive = [data / "cifar10-jpeg/cifar10-jpeg.zip"]
    return [
        Stage(
            "mnist", "digits", ["mnist", "--model", "resnet"], ["mnist_resnet.py", mnist], sorted(mnist.glob("*.gz")),
            {"accuracy": 0.994}),
        Stage(
            "adult", "table", ["table", adult / "adult.data", "--target", "income"], ["adult_table.py", adult],
            [adult / "adult.data", adult / "adult.test"], {"accuracy": 0.855, "ROC AUC": 0.91}),
        Stage(
            "cifar", "pictures", ["images", cifar], ["cifar_pictures.py", cifar], archive, {"accuracy": 0.85}, compiled=True),
        Stage(
            "transfer", "pre-training on nine classes", ["images", pictures / "nine"], ["cifar_pictures.py", pictures / "nine"], archive,
            epochs=6, compiled=True),
        Stage(
            "transfer", "pre-trained", ["images", pictures / "tenth"], ["transfer.py", pictures / "tenth"], archive,
            pretrained="pre-training on nine classes"),
        Stage(
            "transfer", "from nothing", ["images", pictures / "tenth"], ["cifar_pictures.py", pictures / "tenth"], archive,
            as_long_as="pre-trained"),
        Stage(
            "shakespeare", "text", ["text"], ["shakespeare_gpt.py", shakespeare], [shakespeare], {"loss": 1.88}, own_recipe=True),
    ]


TASKS = {
    "mnist": "Digits",
    "adult": "A table",
    "cifar": "Pictures in folders",
    "transfer": "Transfer",
    "shakespeare": "A language model",
}
