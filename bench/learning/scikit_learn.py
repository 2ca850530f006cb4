"""Writes scikit-learn.json: the scores of scikit-learn's networks on the data sets of `npm run bench:learning`.

Run by hand with `python3 scikit_learn.py`, with scikit-learn installed; a seed takes some minutes. Architecture, batches
and epochs are those of settings.json, Adam and its rate are the defaults on both sides, and so is everything else.
"""

import itertools
import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

SEEDS = 5
ACTIVATIONS = ["relu", "tanh"]
DEPTHS = [1, 2]

folder = Path(__file__).parent
settings = json.loads((folder / "settings.json").read_text())


def read(name):
    """The folds, the targets, the inputs, and whether the targets are classes."""
    path = folder / "data" / f"{name}.csv"
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    return rows[:, 0], rows[:, 1], rows[:, 2:], ",class," in path.read_text().split("\n", 1)[0]


def standardise(training, held_out):
    mean, deviation = training.mean(axis=0), training.std(axis=0)
    deviation = np.where(deviation == 0, 1, deviation)
    return (training - mean) / deviation, (held_out - mean) / deviation


def score(name, activation, depth, seed):
    """One score a fold: the accuracy, or R squared."""
    folds, y, x, classes = read(name)
    epochs = settings["epochs"][name]
    scores = []
    for fold in range(5):
        out = folds == fold
        x_train, x_out = standardise(x[~out], x[out])
        y_train, y_out = (y[~out], y[out]) if classes else standardise(y[~out], y[out])
        network = (MLPClassifier if classes else MLPRegressor)(
            [settings["units"]] * depth,
            activation=activation,
            batch_size=settings["batchSize"],
            max_iter=epochs,
            n_iter_no_change=epochs,  # so that every epoch is made
            random_state=seed,
        )
        scores.append(network.fit(x_train, y_train).score(x_out, y_out))
    return scores


def record(scores):
    results = [
        {"dataSet": name, "activation": activation, "depth": depth, "scores": np.round(seeds, 4).tolist()}
        for (name, activation, depth), seeds in scores.items()
    ]
    text = json.dumps({"version": sklearn.__version__, "results": results})
    (folder / "scikit-learn.json").write_text(text.replace('{"dataSet"', '\n{"dataSet"') + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore", ConvergenceWarning)
    scores = {key: [] for key in itertools.product(settings["epochs"], ACTIVATIONS, DEPTHS)}
    for seed in range(SEEDS):
        for key, seeds in scores.items():
            seeds.append(score(*key, seed))
            print(seed, *key, np.mean(seeds[-1]).round(4), flush=True)
        record(scores)
