#!/usr/bin/env python3
"""Opens checkpoints that LightningSharp wrote with Python's own torch, checks them, and saves them again with torch.save.

Usage: roundtrip.py weights|full|train|trainer IN OUT
  weights  torch.load(weights_only=True), load_state_dict(strict) into the module of the same names, one forward pass
  full     the whole dictionary with every kind of value; types are checked one by one
  train    optimizer states go into torch.optim, one step is taken, and the new weights and states are saved
  trainer  a checkpoint of the Trainer: the keys that Lightning reads, with Lightning's types, in pickle that the restricted reader of current torch takes
Prints the version of torch and 'ok'. Exit code 0 means that everything was as expected.
"""
import inspect
import pickletools
import sys
import zipfile
from collections import OrderedDict

import torch


def load(path, weights_only):
    if "weights_only" in inspect.signature(torch.load).parameters:
        return torch.load(path, weights_only=weights_only)
    return torch.load(path)


def module():
    return torch.nn.Sequential(OrderedDict([("fc", torch.nn.Linear(3, 2)), ("norm", torch.nn.BatchNorm1d(2))]))


def weights(source, target):
    state = load(source, weights_only=True)
    assert type(state) is OrderedDict, type(state)
    net = module()
    net.load_state_dict(state, strict=True)
    net.eval()
    with torch.no_grad():
        result = net(torch.ones(1, 3))
    expected = torch.nn.functional.batch_norm(
        torch.ones(1, 3) @ state["fc.weight"].t() + state["fc.bias"],
        state["norm.running_mean"], state["norm.running_var"], state["norm.weight"], state["norm.bias"])
    assert torch.equal(result, expected), (result, expected)
    torch.save(net.state_dict(), target)


# What the restricted reader of current torch (2.6 and newer, where weights_only=True is the default) takes, of what we write.
OPCODES = set("""PROTO STOP MARK NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINFLOAT BINUNICODE EMPTY_DICT EMPTY_LIST EMPTY_TUPLE
    TUPLE TUPLE1 TUPLE2 TUPLE3 SETITEMS APPENDS GLOBAL REDUCE BINPERSID BINPUT LONG_BINPUT BINGET LONG_BINGET""".split())
GLOBALS = {"collections OrderedDict", "torch._utils _rebuild_tensor_v2", "_codecs encode"}


def check_opcodes(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
        for opcode, argument, position in pickletools.genops(archive.read("archive/data.pkl")):
            assert opcode.name in OPCODES, (opcode.name, position)
            if opcode.name == "GLOBAL":
                assert argument in GLOBALS or argument.startswith("torch ") and argument.endswith("Storage"), argument


def full(source, target):
    check_opcodes(source)
    # torch before 2.0 knows no floating-point numbers in weights_only files, hence the choice by version.
    data = load(source, weights_only=int(torch.__version__.split(".")[0]) >= 2)
    assert type(data) is dict and list(data)[:3] == ["epoch", "global_step", "pytorch-lightning_version"], list(data)
    assert type(data["state_dict"]) is OrderedDict
    assert type(data["epoch"]) is int and data["flag"] is True and data["none"] is None
    assert data["big"] == 2**40 and data["negative"] == -(2**63) and data["unsigned"] == 2**64 - 1
    assert data["lr"] == 0.1 and type(data["zero"]) is int and data["nan"] != data["nan"]
    assert data["text"] == "na\u00efve \u2713 \U0001f680" and data["bytes"] == bytes(range(256))
    assert data["betas"] == (0.9, 0.999) and type(data["betas"]) is tuple
    assert data["optimizer_states"][0]["state"][0]["step"].shape == ()
    tensors = data["tensors"]
    for name, tensor in tensors.items():
        assert str(tensor.dtype) == "torch." + name.split(".")[0], (name, tensor.dtype)
    assert tensors["float32.view"].data_ptr() == tensors["float32.base"].data_ptr() + 4 * 4
    assert tensors["float32.view"].storage().data_ptr() == tensors["float32.base"].storage().data_ptr()
    assert tensors["float32.t"].stride() == (1, 4) and tensors["float32.empty"].shape == (0, 7)
    assert tensors["float32.expanded"].stride() == (0,)
    torch.save(data, target)


def train(source, target):
    data = load(source, weights_only=int(torch.__version__.split(".")[0]) >= 2)
    net = module()
    net.load_state_dict(data["state_dict"], strict=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=1.0)
    optimizer.load_state_dict(data["optimizer_states"][0])
    assert optimizer.param_groups[0]["lr"] == 0.01 and optimizer.param_groups[0]["betas"] == (0.8, 0.99)
    net(torch.ones(4, 3) * torch.arange(4.0)[:, None]).pow(2).sum().backward()
    optimizer.step()
    assert all(float(slot["step"]) == 6 for slot in optimizer.state_dict()["state"].values())
    torch.save({**data, "state_dict": net.state_dict(), "optimizer_states": [optimizer.state_dict()]}, target)


LOOPS = {
    "state_dict", "epoch_loop.state_dict", "epoch_loop.batch_progress", "epoch_loop.scheduler_progress", "epoch_loop.automatic_optimization.state_dict",
    "epoch_loop.automatic_optimization.optim_progress", "epoch_loop.manual_optimization.state_dict", "epoch_loop.manual_optimization.optim_step_progress",
    "epoch_loop.val_loop.state_dict", "epoch_loop.val_loop.batch_progress", "epoch_progress",
}


def trainer(source, target):
    check_opcodes(source)
    data = load(source, weights_only=int(torch.__version__.split(".")[0]) >= 2)
    assert list(data)[:5] == ["epoch", "global_step", "pytorch-lightning_version", "state_dict", "loops"], list(data)
    assert (data["epoch"], data["global_step"]) == (1, 6) and data["pytorch-lightning_version"].split(".")[0] == "2"
    assert type(data["state_dict"]) is OrderedDict and set(data["state_dict"]) == {"layer.weight", "layer.bias"}
    assert set(data["loops"]) == {"fit_loop", "validate_loop", "test_loop", "predict_loop"} and set(data["loops"]["fit_loop"]) == LOOPS, data["loops"]["fit_loop"].keys()
    assert data["loops"]["fit_loop"]["epoch_progress"]["current"] == {"ready": 2, "completed": 1, "started": 2, "processed": 2}
    stopping = data["callbacks"]["EarlyStopping{'monitor': 'val_loss', 'mode': 'min'}"]
    assert isinstance(stopping["best_score"], torch.Tensor) and stopping["patience"] == 3
    saving = data["callbacks"]["ModelCheckpoint{'monitor': 'val_loss', 'mode': 'min', 'every_n_train_steps': 0, 'every_n_epochs': 1, 'train_time_interval': None}"]
    assert all(isinstance(score, torch.Tensor) and score.shape == () for score in [saving["best_model_score"], saving["kth_value"], *saving["best_k_models"].values()])
    assert {"monitor", "current_score", "dirpath", "best_model_path", "kth_best_model_path", "last_model_path"} <= set(saving)
    group, = data["optimizer_states"][0]["param_groups"]
    assert group["betas"] == (0.9, 0.999) and type(group["betas"]) is tuple and group["params"] == [0, 1] and group["initial_lr"] == 0.01, group
    assert all(slot["step"].dtype == torch.float32 and slot["step"].shape == () for slot in data["optimizer_states"][0]["state"].values())
    schedule, = data["lr_schedulers"]
    assert schedule["last_epoch"] == 2 and schedule["step_size"] == 1 and schedule["_last_lr"] == [0.0025], schedule
    assert data["hparams_name"] == "kwargs" and data["hyper_parameters"] == {"rate": 0.01, "note": "caf\u00e9"}, data["hyper_parameters"]
    assert data["datamodule_hparams_name"] == "kwargs" and data["datamodule_hyper_parameters"] == {"rows": 12} and data["Numbers"] == {"seen": 7}
    torch.save(data, target)


if __name__ == "__main__":
    {"weights": weights, "full": full, "train": train, "trainer": trainer}[sys.argv[1]](sys.argv[2], sys.argv[3])
    print("torch", torch.__version__, "ok")
