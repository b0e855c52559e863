"""Python's torch: the same model, optimizer and data, steps on demand. Arguments: model, batch size, folder of MNIST's files, "as-it-comes" or "tuned"."""
import gzip
import os
import resource
import sys
import time

import torch
import torch.nn.functional as F

model, batch, folder, style = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]


def idx(name, offset, shape):
    with gzip.open(os.path.join(folder, name)) as file:
        return torch.frombuffer(bytearray(file.read()[offset:]), dtype=torch.uint8).reshape(shape)


torch.manual_seed(1)
if model == "cnn":
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 64, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2, 2),
        torch.nn.Conv2d(64, 128, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2, 2),
        torch.nn.Flatten(), torch.nn.Linear(128 * 7 * 7, 10))
    if style == "tuned":
        net = net.to(memory_format=torch.channels_last)
    images = idx("train-images-idx3-ubyte.gz", 16, (60000, 1, 28, 28))
    labels = idx("train-labels-idx1-ubyte.gz", 8, (60000,)).long()
else:
    torch.set_num_threads(1)
    net = torch.nn.Linear(32, 2)
    images, labels = torch.randn(4096, 32), torch.randint(0, 2, (4096,))
device = os.environ.get("BENCHMARK_DEVICE", "cpu")
net = net.to(device)
optimizer = torch.optim.SGD(net.parameters(), 0.01) if model == "tiny" else torch.optim.Adam(net.parameters(), 1e-3)


def batches():
    if model != "cnn":  # ready ones, as for every rival of the tiny model
        ready = [(images[start:start + batch], labels[start:start + batch]) for start in range(0, len(labels), batch)]
        while True:
            yield from ready
    while True:
        order = torch.randperm(len(labels))
        for start in range(0, len(labels) - batch + 1, batch):
            index = order[start:start + batch]
            x = images[index]
            yield (x.float() / 255 - 0.1307) / 0.3081, labels[index]


source = batches()
for line in sys.stdin:
    steps = int(line.split()[1])
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    for _ in range(steps):
        x, y = next(source)
        if device != "cpu":
            x, y = x.pin_memory().to(device, non_blocking=True), y.to(device)
        optimizer.zero_grad(set_to_none=True)
        logits = net(x)
        loss = F.cross_entropy(logits, y)
        loss.backward()
        optimizer.step()
        value = loss.item()
        if model == "cnn":
            (logits.argmax(1) == y).sum().item()
    if device == "cuda":
        torch.cuda.synchronize()
    elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    resident = int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6
    print("done", elapsed * 1e3, after.ru_minflt - before.ru_minflt, (after.ru_stime - before.ru_stime) * 1e3, resident, value, flush=True)
