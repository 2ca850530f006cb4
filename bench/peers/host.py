"""The process of a contestant in Python: `host.py <folder of the task> <adapter>`; see host.ts and protocol.ts."""

import importlib
import json
import os
import sys
import time

SHORTEST_CALL = 0.01
SLOW_CALL = 3


def main():
    folder, name = sys.argv[1:3]
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "adapters"))
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "measure":
                reply = measure(run, request["milliseconds"] / 1000)
            else:
                adapter = importlib.import_module(name)
                task = read_task(folder)
                start = start_training if request["do"] == "train" else start_predicting
                run, reply = start(adapter, task, request)
        except Exception as error:  # whatever is missing or wrong becomes a row of the report
            reply = {"is": "failed", "reason": str(error)}
        print(json.dumps(reply), flush=True)


def read_task(folder):
    import numpy

    with open(os.path.join(folder, "task.json")) as file:
        task = json.load(file)
    read = lambda name, kind="<f4": numpy.fromfile(os.path.join(folder, name + ".bin"), kind)
    inputs = task["inputs"]
    task["x"] = read("x").reshape(-1, inputs)
    classes = task["loss"] == "crossEntropy"
    task["y"] = read("y", "<i4").astype("i8") if classes else read("y").reshape(task["rows"], -1)
    task["parameters"] = []
    for l, layer in enumerate(task["layers"]):
        task["parameters"].append((read(f"weights{l}").reshape(layer["units"], inputs), read(f"biases{l}")))
        inputs = layer["units"]
    return task


def version_of(adapter):
    """With the BLAS that was loaded, where the system tells: it decides a factor of ten."""
    try:
        with open("/proc/self/maps") as file:
            maps = file.read()
    except OSError:
        return adapter.VERSION
    if "openblas" in maps:
        return adapter.VERSION + ", OpenBLAS"
    return adapter.VERSION + (", reference BLAS" if "libblas" in maps else "")


def start_training(adapter, task, request):
    """A trainer that learns, and another that is timed."""
    lesson = request["lesson"]
    learner = adapter.Trainer({**task, "rate": lesson["rate"]})
    before = mean_loss(task, learner.outputs())
    learner.step(0)
    after_first = mean_loss(task, learner.outputs())
    for _ in range(1, lesson["steps"]):
        learner.step(0)
    after = mean_loss(task, learner.outputs())
    learning = {"before": before, "afterFirst": after_first, "steps": lesson["steps"], "after": after}
    size = task["batchSize"]
    run = repeated(adapter.Trainer(task).step, size, task["rows"] // size)
    return run, {"is": "ready", "found": {"version": version_of(adapter), "learning": learning}}


def start_predicting(adapter, task, request):
    size = request["batchSize"]
    predictor = adapter.Predictor(task, size)
    outputs = [float(value) for value in predictor.predict(0)[0]]
    run = repeated(predictor.predict, size, task["rows"] // size)
    return run, {"is": "ready", "found": {"version": version_of(adapter), "outputs": outputs}}


def mean_loss(task, outputs):
    import numpy

    n = task["batchSize"]
    a, y = outputs.astype("f8"), task["y"][:n]
    if task["loss"] == "crossEntropy":
        return float(-numpy.log(a[numpy.arange(n), y]).mean())
    squares = ((a - y) ** 2).sum(axis=1).mean()
    return float(squares / a.shape[1] if task["loss"] == "mse" else squares)


def repeated(act, samples, period):
    """A call that acts as often as it needs to be timed well, and the samples of that call."""
    state = {"next": 0}

    def call(times):
        index = state["next"]
        for _ in range(times):
            act(index)
            index += 1
            if index == period:
                index = 0
        state["next"] = index

    start = time.perf_counter()
    call(1)
    times = 1
    if time.perf_counter() - start < SLOW_CALL:
        while min(timed(call, times) for _ in range(3)) < SHORTEST_CALL:
            times *= 2
    return (lambda: call(times)), samples * times


def timed(call, times):
    start = time.perf_counter()
    call(times)
    return time.perf_counter() - start


def measure(run, seconds):
    call, samples = run
    warm = time.perf_counter() + min(0.25, seconds)
    call()
    while time.perf_counter() < warm:
        call()
    latencies = []
    end = time.perf_counter() + seconds
    while not latencies or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        latencies.append(1000 * (time.perf_counter() - start))
    return {"is": "measured", "latencies": latencies, "samples": samples}


main()
