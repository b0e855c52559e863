"""PyTorch Lightning with its defaults on the tiny model, steps on demand. Arguments as for peer.py. Batches are ready, as for every rival of the case."""
import dataclasses
import logging
import os
import resource
import sys
import tempfile
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

make_field = dataclasses._get_field


def forgiving(cls, name, *rest):  # torch before 2.0 has defaults that Python from 3.11 on refuses
    try:
        return make_field(cls, name, *rest)
    except ValueError:
        default = getattr(cls, name)
        setattr(cls, name, dataclasses.field(default_factory=lambda: default))
        return make_field(cls, name, *rest)


dataclasses._get_field = forgiving
import torch
import torch.nn.functional as F

try:
    import lightning.pytorch as pl
except ImportError:
    import pytorch_lightning as pl

model, batch = sys.argv[1], int(sys.argv[2])
torch.manual_seed(1)
torch.set_num_threads(1)
answers = os.fdopen(os.dup(1), "w")  # Lightning's own lines go elsewhere
os.dup2(2, 1)


class Ready:
    def __init__(self):
        x, y = torch.randn(4096, 32), torch.randint(0, 2, (4096,))
        self.batches = [(x[i:i + batch], y[i:i + batch]) for i in range(0, 4096, batch)]

    def __len__(self):
        return 16 * len(self.batches)

    def __iter__(self):
        for _ in range(16):
            yield from self.batches


class Gate(pl.Callback):
    def __init__(self):
        self.left = 0

    def wait(self):
        line = sys.stdin.readline()
        if not line:
            return False
        self.steps = self.left = int(line.split()[1])
        self.before, self.start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        return True

    def on_train_start(self, trainer, module):
        if not self.wait():
            trainer.should_stop = True

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx):
        self.left -= 1
        if self.left > 0:
            return
        elapsed, after = time.perf_counter() - self.start, resource.getrusage(resource.RUSAGE_SELF)
        resident = int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6
        print("done", elapsed * 1e3, after.ru_minflt - self.before.ru_minflt, (after.ru_stime - self.before.ru_stime) * 1e3, resident, outputs["loss"].item(), file=answers, flush=True)
        if not self.wait():
            os._exit(0)


class Tiny(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = torch.nn.Linear(32, 2)

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.cross_entropy(self.net(x), y)
        self.log("loss", loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), 0.01) if model == "tiny" else torch.optim.Adam(self.parameters(), 1e-3)


with tempfile.TemporaryDirectory() as folder:
    pl.Trainer(max_epochs=-1, accelerator="cpu", default_root_dir=folder, callbacks=[Gate()], enable_model_summary=False).fit(Tiny(), Ready())
