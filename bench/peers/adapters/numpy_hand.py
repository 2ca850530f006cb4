"""NumPy with its BLAS, the gradients written out, and every result written into an array made beforehand."""

import numpy as np

VERSION = np.__version__


class Network:
    def __init__(self, task, size):
        self.layers = task["layers"]
        self.weights = [np.ascontiguousarray(w.T) for w, _ in task["parameters"]]  # [in, out]
        self.biases = [b.copy() for _, b in task["parameters"]]
        self.a = [None] + [np.empty((size, len(b)), np.float32) for b in self.biases]

    def forward(self, x):
        self.a[0] = x
        for l, layer in enumerate(self.layers):
            z = self.a[l + 1]
            np.dot(self.a[l], self.weights[l], out=z)
            z += self.biases[l]
            activate(layer["activation"], z)
        return self.a[-1]


class Predictor:
    def __init__(self, task, size):
        self.network = Network(task, size)
        self.x = batches(task["x"], size)

    def predict(self, index):
        return self.network.forward(self.x[index])


class Trainer:
    def __init__(self, task):
        size = task["batchSize"]
        self.task = task
        self.network = Network(task, size)
        self.rate = np.float32(task["rate"])
        self.x = batches(task["x"], size)
        self.y = batches(task["y"], size)
        self.rows = np.arange(size)
        self.delta = [np.empty_like(a) for a in self.network.a[1:]]
        self.gradients = [np.empty_like(w) for w in self.network.weights]

    def outputs(self):
        return self.network.forward(self.x[0])

    def step(self, index):
        network = self.network
        self.loss = self.start_backward(network.forward(self.x[index]), self.y[index])
        for l in range(len(network.weights) - 1, -1, -1):
            delta, gradient = self.delta[l], self.gradients[l]
            np.dot(network.a[l].T, delta, out=gradient)
            if l > 0:
                np.dot(delta, network.weights[l].T, out=self.delta[l - 1])
                times_slope(self.delta[l - 1], network.a[l], network.layers[l - 1]["activation"])
            gradient *= self.rate
            network.weights[l] -= gradient
            network.biases[l] -= self.rate * delta.sum(axis=0)

    def start_backward(self, a, y):
        """The loss, with the slope of its mean after z of the last layer left in delta."""
        n, delta = len(a), self.delta[-1]
        if self.task["loss"] == "crossEntropy":
            np.copyto(delta, a)
            delta[self.rows, y] -= 1
            delta *= np.float32(1 / n)
            return -np.log(a[self.rows, y]).mean()
        factor = 1 / a.shape[1] if self.task["loss"] == "mse" else 1
        np.subtract(a, y, out=delta)
        loss = np.vdot(delta, delta) * factor / n
        delta *= np.float32(2 * factor / n)
        times_slope(delta, a, self.network.layers[-1]["activation"])
        return loss


def batches(values, size):
    return [values[i : i + size] for i in range(0, len(values), size)]


def activate(name, z):
    """In place."""
    if name == "relu":
        np.maximum(z, 0, out=z)
    elif name == "tanh":
        np.tanh(z, out=z)
    elif name == "sigmoid":
        np.negative(z, out=z)
        np.exp(z, out=z)
        z += 1
        np.reciprocal(z, out=z)
    elif name == "softmax":
        z -= z.max(axis=1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=1, keepdims=True)


def times_slope(delta, a, name):
    """In place."""
    if name == "relu":
        delta *= a > 0
    elif name == "tanh":
        delta *= 1 - a * a
    elif name == "sigmoid":
        delta *= a * (1 - a)
