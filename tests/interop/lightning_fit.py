#!/usr/bin/env python3
"""Continues a checkpoint that LightningSharp wrote with Python's own Lightning: Trainer.fit(ckpt_path=...), and load_from_checkpoint.

Usage: lightning_fit.py SOURCE TARGET EPOCHS
Model and data are those of lightning_files.py. Prints the position that Lightning read, trains until EPOCHS, writes the losses and Lightning's own checkpoint to TARGET.
Where Lightning is not installed it says 'no lightning'; LIGHTNINGSHARP_PYTHONPATH names folders to look in.
"""
import dataclasses
import os
import sys
import warnings

sys.path[:0] = filter(None, os.environ.get("LIGHTNINGSHARP_PYTHONPATH", "").split(os.pathsep))

# torch 1.13 as Debian 12 has it cannot import its FSDP with Python 3.11, which refuses defaults that can change; Lightning imports it.
make_field = dataclasses._get_field


def forgiving(cls, name, kind, *arguments):
    try:
        return make_field(cls, name, kind, *arguments)
    except ValueError:
        default = getattr(cls, name)
        setattr(cls, name, dataclasses.field(default_factory=lambda: default))
        return make_field(cls, name, kind, *arguments)


dataclasses._get_field = forgiving

import torch  # noqa: E402

try:
    import lightning.pytorch as pl
except ImportError:
    try:
        import pytorch_lightning as pl
    except ImportError:
        print("no lightning, ok")
        sys.exit(0)

warnings.filterwarnings("ignore")
LOSSES = []


class Tiny(pl.LightningModule):
    def __init__(self, rate=0.1):
        super().__init__()
        self.layer = torch.nn.Linear(4, 2)
        self.rate = rate

    def training_step(self, batch, batch_idx):
        loss = torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])
        LOSSES.append(float(loss.detach()))
        return loss

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1]))

    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=self.rate, momentum=0.9)
        return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)]


class Batches(torch.utils.data.Dataset):
    def __init__(self, rows, offset=0):
        self.rows, self.offset = rows, offset

    def __len__(self):
        return self.rows // 4

    def __getitem__(self, index):
        i = torch.arange(self.offset + index * 4, self.offset + index * 4 + 4, dtype=torch.float64)[:, None]
        return (7 * i + 3 * torch.arange(4)[None]) % 11 / 11, (5 * i + 2 * torch.arange(2)[None]) % 7 / 7


def loader(*arguments):
    return torch.utils.data.DataLoader(Batches(*arguments), batch_size=None, collate_fn=lambda pair: tuple(part.float() for part in pair))


class Look(pl.Callback):
    def on_train_start(self, trainer, module):
        stopping, saving = trainer.early_stopping_callback, trainer.checkpoint_callback
        print("at", trainer.current_epoch, trainer.global_step, "stopping", stopping.wait_count, float(stopping.best_score), "saving", saving.best_model_path, float(saving.best_model_score))


source, target, epochs = sys.argv[1:4]
callbacks = [pl.callbacks.EarlyStopping("val_loss", patience=3), pl.callbacks.ModelCheckpoint(dirpath=os.path.dirname(source), monitor="val_loss"), Look()]
trainer = pl.Trainer(max_epochs=int(epochs), logger=False, callbacks=callbacks, enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0, default_root_dir=target + ".d")
trainer.fit(Tiny(), loader(12), loader(4, 100), ckpt_path=source)
trainer.save_checkpoint(target)
loaded = Tiny.load_from_checkpoint(source)
assert set(loaded.state_dict()) == {"layer.weight", "layer.bias"}
torch.save({**torch.load(target), "losses": LOSSES}, target)
print(pl.__version__, "ok")
