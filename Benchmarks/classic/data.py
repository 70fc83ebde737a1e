"""The data of the rows, as files that both sides read: NumPy arrays, and a text with a review in each line."""

import gzip
import tarfile

import numpy as np


def prepare(source, folder):
    """Makes the files that are not there yet, from $GLASSBOX_DATA."""
    folder.mkdir(parents=True, exist_ok=True)
    mnist(source / "mnist", folder)
    imdb(source / "imdb", folder)
    generated(folder)


def mnist(source, folder):
    """Pictures as float32 in 0…1, [count, 784]; 5,000 of them as 50 principal components too, as t-SNE's users do."""
    if (folder / "mnist50.npy").exists():
        return
    for part, name in [("train", "train"), ("t10k", "test")]:
        pictures = idx(source, f"{part}-images-idx3-ubyte").reshape(-1, 784)
        np.save(folder / f"mnist.{name}.x.npy", (pictures / 255).astype(np.float32))
        np.save(folder / f"mnist.{name}.y.npy", idx(source, f"{part}-labels-idx1-ubyte").astype(np.int64))
    x = np.load(folder / "mnist.train.x.npy")[:5000].astype(np.float64)
    x = x - x.mean(axis=0)
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    np.save(folder / "mnist50.npy", u[:, :50] * s[:50])


def idx(source, name):
    """A file of the IDX format, gzipped or not."""
    path = next(path for path in source.iterdir() if path.name.startswith(name))
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * axis:8 + 4 * axis], "big") for axis in range(rank)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def imdb(source, folder):
    """Reviews, a line each, and 1 for a positive one."""
    for part in ["train", "test"]:
        if (folder / f"imdb.{part}.y.npy").exists():
            continue
        texts, labels = reviews(source, part)
        (folder / f"imdb.{part}.txt").write_text("".join(" ".join(text.split()) + "\n" for text in texts))
        np.save(folder / f"imdb.{part}.y.npy", np.array(labels, np.int64))


def reviews(source, part):
    """From the archive of Maas et al., in the order of the names."""
    found = []
    with tarfile.open(source / "aclImdb_v1.tar.gz") as archive:
        for member in archive:
            pieces = member.name.split("/")
            if member.isfile() and len(pieces) >= 4 and pieces[-3] == part and pieces[-2] in ("neg", "pos"):
                found.append((member.name, archive.extractfile(member).read().decode(), int(pieces[-2] == "pos")))
    found.sort()
    return [text for _, text, _ in found], [label for _, _, label in found]


def generated(folder):
    """Two classes by twelve of thirty features, in groups."""
    if (folder / "generated.y.npy").exists():
        return
    from sklearn.datasets import make_classification

    x, y = make_classification(220_000, 30, n_informative=12, n_clusters_per_class=4, random_state=1)
    np.save(folder / "generated.x.npy", x)
    np.save(folder / "generated.y.npy", y.astype(np.int64))
