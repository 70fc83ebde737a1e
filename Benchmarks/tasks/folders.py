"""The folders of pictures that the tasks learn from, made of CIFAR-10's archive, once.

cifar10/{train,test}/CLASS/NAME   the archive, unpacked
nine/{train,test}/CLASS/NAME      links to 90 % of each of nine classes' pictures, and to those classes' test
tenth/{train,test}/CLASS/NAME     links to the other 10 %, of all ten classes, and to the whole test
"""

import os
import random
import shutil
import zipfile

# The class that pre-training never sees.
UNSEEN = "horse"
SHARE = 0.1
SEED = 1


def prepare(archive, work):
    """Makes what is not there yet. A folder appears when it is whole."""
    cifar = whole(work / "cifar10", lambda part: zipfile.ZipFile(archive).extractall(part))
    parts = {name: pictures(cifar / name) for name in ["train", "test"]}
    few, many = divided(parts["train"])
    whole(work / "tenth", lambda folder: link(cifar, {"train": few, "test": parts["test"]}, folder))
    without = {"train": many, "test": parts["test"]}
    without = {part: {name: files for name, files in classes.items() if name != UNSEEN} for part, classes in without.items()}
    whole(work / "nine", lambda folder: link(cifar, without, folder))


def pictures(folder):
    return {name: sorted(os.listdir(folder / name)) for name in sorted(os.listdir(folder))}


def divided(classes):
    """A tenth of each class's pictures, and the others."""
    order = random.Random(SEED)
    few, many = {}, {}
    for name, files in classes.items():
        chosen = set(order.sample(files, round(SHARE * len(files))))
        few[name] = [file for file in files if file in chosen]
        many[name] = [file for file in files if file not in chosen]
    return few, many


def link(source, parts, folder):
    """Links to files: PictureFolder follows those, but not links to folders."""
    for part, classes in parts.items():
        for name, files in classes.items():
            (folder / part / name).mkdir(parents=True)
            for file in files:
                (folder / part / name / file).symlink_to((source / part / name / file).absolute())


def whole(folder, make):
    if not folder.exists():
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        make(part)
        part.rename(folder)
    return folder
