"""PyTorch with its own gradients, on one thread: no module or optimizer object between the tensors and the step."""

import torch
import torch.nn.functional as F

VERSION = torch.__version__
torch.set_num_threads(1)

ACTIVATIONS = {"linear": lambda z: z, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu}


class Trainer:
    def __init__(self, task):
        self.task = task
        self.parameters = load(task, True)
        size = task["batchSize"]
        self.x = torch.from_numpy(task["x"]).split(size)
        self.y = torch.from_numpy(task["y"]).split(size)

    def step(self, index):
        gradients = torch.autograd.grad(self.loss(self.x[index], self.y[index]), self.parameters)
        with torch.no_grad():
            torch._foreach_add_(self.parameters, gradients, alpha=-self.task["rate"])

    def loss(self, x, y):
        z = logits(self.task, self.parameters, x)
        if self.task["loss"] == "crossEntropy":
            return F.cross_entropy(z, y)
        a = ACTIVATIONS[self.task["layers"][-1]["activation"]](z)
        if self.task["loss"] == "mse":
            return F.mse_loss(a, y)
        return F.mse_loss(a, y, reduction="sum") / len(y)

    def outputs(self):
        with torch.no_grad():
            return outputs(self.task, self.parameters, self.x[0]).numpy()


class Predictor:
    def __init__(self, task, size):
        self.task = task
        self.parameters = load(task, False)
        self.x = torch.from_numpy(task["x"]).split(size)

    @torch.inference_mode()
    def predict(self, index):
        return outputs(self.task, self.parameters, self.x[index]).numpy()


def load(task, trained):
    return [torch.from_numpy(p.copy()).requires_grad_(trained) for layer in task["parameters"] for p in layer]


def logits(task, parameters, a):
    last = len(task["layers"]) - 1
    for l, layer in enumerate(task["layers"]):
        a = F.linear(a, parameters[2 * l], parameters[2 * l + 1])
        if l < last:
            a = ACTIVATIONS[layer["activation"]](a)
    return a


def outputs(task, parameters, x):
    z = logits(task, parameters, x)
    activation = task["layers"][-1]["activation"]
    return F.softmax(z, dim=1) if activation == "softmax" else ACTIVATIONS[activation](z)
