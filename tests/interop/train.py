#!/usr/bin/env python3
"""Trains with plain torch from checkpoints of Lightning's layout, and writes such checkpoints: the other half of TrainingInteropTests.

Usage: train.py FOLDER SOURCE TARGET EPOCHS BATCHES CASE...
A case is 'optimizer.scheduler.engine' (the engine is .NET's concern). For each, FOLDER/CASE.SOURCE.ckpt is continued ('start': FOLDER/start.ckpt, only weights and data)
until EPOCHS epochs and BATCHES batches of the next are done, and FOLDER/CASE.TARGET.ckpt is written; its entry 'losses' has the loss of every batch trained here.
"""
import collections
import sys

import torch

OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05, weight_decay=0.01),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, dampening=0.1),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.99), weight_decay=0.01),
    "amsgrad": lambda p: torch.optim.Adam(p, lr=0.02, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.02, weight_decay=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.005, alpha=0.95),
    "centered": lambda p: torch.optim.RMSprop(p, lr=0.005, alpha=0.95, momentum=0.5, centered=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.05, lr_decay=0.01, initial_accumulator_value=0.1),
}

# Name: the schedule, and whether it steps after every batch.
SCHEDULERS = {
    "none": (None, False),
    "step": (lambda o: torch.optim.lr_scheduler.StepLR(o, 2, gamma=0.5), False),
    "multistep": (lambda o: torch.optim.lr_scheduler.MultiStepLR(o, [1, 3, 3], gamma=0.5), False),
    "exponential": (lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.97), True),
    "cosine": (lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 4, eta_min=0.001), False),
    "plateau": (lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(o, factor=0.5, patience=0, threshold=0.2), False),
    "onecycle": (lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.05, total_steps=20, cycle_momentum=False), True),
}


def module():
    return torch.nn.Sequential(collections.OrderedDict([("first", torch.nn.Linear(4, 8)), ("act", torch.nn.Tanh()), ("second", torch.nn.Linear(8, 2))]))


def counter(ready, completed):
    return {"ready": ready, "completed": completed, "started": ready, "processed": ready}


def pair(count):
    return {"total": {"ready": count, "completed": count}, "current": {"ready": count, "completed": count}}


def loops(epochs, batches, per_epoch):
    """Where the file was written: after an epoch's end, or after a batch (where Lightning's counters say that the batch's hooks are not over)."""
    steps = epochs * per_epoch + batches
    inside = batches > 0
    epoch = {"ready": epochs + inside, "completed": epochs, "started": epochs + inside, "processed": epochs}
    last = batches if inside else per_epoch
    return {"fit_loop": {
        "state_dict": {},
        "epoch_loop.state_dict": {"_batches_that_stepped": steps},
        "epoch_loop.batch_progress": {"total": counter(steps, steps - inside), "current": counter(last, last - inside), "is_last_batch": not inside},
        "epoch_loop.scheduler_progress": pair(0),
        "epoch_loop.automatic_optimization.state_dict": {},
        "epoch_loop.automatic_optimization.optim_progress": {"optimizer": {
            "step": pair(steps),
            "zero_grad": {"total": {"ready": steps, "completed": steps, "started": steps}, "current": {"ready": steps, "completed": steps, "started": steps}}}},
        "epoch_loop.manual_optimization.state_dict": {},
        "epoch_loop.manual_optimization.optim_step_progress": pair(0),
        "epoch_progress": {"total": dict(epoch), "current": dict(epoch)},
    }}


def position(checkpoint):
    """As Lightning reads it: an epoch that was processed is over."""
    if "loops" not in checkpoint:
        return 0, 0
    fit = checkpoint["loops"]["fit_loop"]
    epoch = fit["epoch_progress"]["current"]
    inside = epoch["ready"] > epoch["processed"]
    return epoch["processed"], fit["epoch_loop.batch_progress"]["current"]["ready"] if inside else 0


def train(checkpoint, data, name, epochs, batches):
    optimizer_name, scheduler_name = name.split(".")[:2]
    net = module()
    net.load_state_dict(checkpoint["state_dict"], strict=True)
    optimizer = OPTIMIZERS[optimizer_name](net.parameters())
    make, every_batch = SCHEDULERS[scheduler_name]
    scheduler = make(optimizer) if make else None
    if "optimizer_states" in checkpoint:
        optimizer.load_state_dict(checkpoint["optimizer_states"][0])
    if scheduler and "lr_schedulers" in checkpoint:
        scheduler.load_state_dict(checkpoint["lr_schedulers"][0])
    epoch, batch = position(checkpoint)
    losses = []
    while (epoch, batch) != (epochs, batches):
        x, y = data["train"][batch]
        loss = torch.nn.functional.mse_loss(net(x), y)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
        batch += 1
        if scheduler and every_batch:
            scheduler.step()
        if batch < len(data["train"]):
            continue
        with torch.no_grad():
            score = float(torch.nn.functional.mse_loss(net(data["validation"][0]), data["validation"][1]))
        if scheduler and not every_batch:
            scheduler.step(score) if scheduler_name == "plateau" else scheduler.step()
        epoch, batch = epoch + 1, 0
    per_epoch = len(data["train"])
    states = [scheduler.state_dict()] if scheduler else []
    for state in states:
        state.pop("anneal_func", None)  # a method of Python's, which OneCycleLR put there before torch 2.0: no data, and no reader of data takes it
    return {
        "epoch": epochs, "global_step": epochs * per_epoch + batches, "pytorch-lightning_version": "2.2.5", "state_dict": net.state_dict(),
        "loops": loops(epochs, batches, per_epoch), "callbacks": {}, "optimizer_states": [optimizer.state_dict()],
        "lr_schedulers": states, "losses": losses,
    }


if __name__ == "__main__":
    folder, source, target, epochs, batches = sys.argv[1:6]
    torch.set_num_threads(1)
    start = torch.load(f"{folder}/start.ckpt")
    for case in sys.argv[6:]:
        before = start if source == "start" else torch.load(f"{folder}/{case}.{source}.ckpt")
        torch.save(train(before, start["data"], case, int(epochs), int(batches)), f"{folder}/{case}.{target}.ckpt")
    print("torch", torch.__version__, "ok")
