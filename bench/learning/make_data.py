"""Writes the data sets of `npm run bench:learning` to data/: run once, by hand, with `python3 make_data.py`.

Each file has a row an example: the fold in which it is held out (0 to 4), the target, then the inputs. The folds are
scikit-learn's own, stratified where the target is a class. Both sides read these files, so that they see the same rows.
"""

from pathlib import Path

import numpy as np
from sklearn import datasets
from sklearn.model_selection import KFold, StratifiedKFold

FOLDS = 5
SEED = 0


def spirals(count=400, turns=1.5, noise=0.02):
    """Two spirals about the origin, half a turn apart."""
    random = np.random.default_rng(SEED)
    label = np.arange(count) % 2
    radius = np.sqrt(random.uniform(0.01, 1, count))
    angle = 2 * np.pi * turns * radius + np.pi * label
    x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return x + random.normal(0, noise, x.shape), label


SETS = {
    "iris": (True, datasets.load_iris(return_X_y=True)),
    "wine": (True, datasets.load_wine(return_X_y=True)),
    "breast-cancer": (True, datasets.load_breast_cancer(return_X_y=True)),
    "digits": (True, datasets.load_digits(return_X_y=True)),
    "moons": (True, datasets.make_moons(400, noise=0.2, random_state=SEED)),
    "spirals": (True, spirals()),
    "diabetes": (False, datasets.load_diabetes(return_X_y=True, scaled=False)),
    "friedman1": (False, datasets.make_friedman1(400, noise=1.0, random_state=SEED)),
}

folder = Path(__file__).parent / "data"
for name, (classes, (x, y)) in SETS.items():
    kind = StratifiedKFold if classes else KFold
    fold = np.empty(len(y), dtype=int)
    for number, (_, held_out) in enumerate(kind(FOLDS, shuffle=True, random_state=SEED).split(x, y)):
        fold[held_out] = number
    columns = ",".join(["fold", "class" if classes else "target", *(f"x{i}" for i in range(x.shape[1]))])
    rows = [",".join([str(f), *(f"{value:.6g}" for value in (t, *values))]) for f, t, values in zip(fold, y, x)]
    (folder / f"{name}.csv").write_text("\n".join([columns, *rows]) + "\n")
