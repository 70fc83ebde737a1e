"""The rows of the comparison with scikit-learn: on which data each algorithm is fitted, by which settings, and which figure says how good the result is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """`quality` is what both sides tell, `higher` whether more of it is better, `slack` by how much ours may be worse."""

    name: str
    title: str
    quality: str
    higher: bool
    slack: float


ROWS = [
    Row("knn", "k nearest neighbours, k = 3, brute force: MNIST, 60,000 × 10,000", "accuracy", True, 0.0005),
    Row("kmeans", "k-means, 10 groups, 30 rounds from given centres: MNIST, 60,000 × 784", "inertia", False, 1e-3),
    Row("pca", "PCA, 50 components: MNIST, 60,000 × 784", "explained variance", True, 1e-4),
    Row("logistic", "logistic regression, softmax, L-BFGS, 100 iterations: MNIST, 60,000 × 784", "objective", False, 1e-2),
    Row("linear-svm", "linear SVM, C = 1: tf-idf of IMDB, 25,000 × 74,851, sparse", "accuracy", True, 0.002),
    Row("rbf-svm", "RBF SVM, C = 5: MNIST, 10,000 to learn, 10,000 to test", "accuracy", True, 0.001),
    Row("forest", "random forest, 100 trees: MNIST, 60,000 × 784", "accuracy", True, 0.003),
    Row("boosting", "gradient boosting on histograms, 100 trees: 200,000 × 30", "accuracy", True, 0.003),
    Row("tsne", "t-SNE, Barnes–Hut, 1000 iterations: MNIST, 5,000 × 50", "divergence", False, 0.05),
    Row("nmf", "NMF, 20 components, coordinate descent, 100 iterations: MNIST, 10,000 × 784", "error", False, 1e-2),
    Row("tfidf", "tf-idf: IMDB's 25,000 reviews", "elements", True, 0.0),
]
