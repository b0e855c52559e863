#!/usr/bin/env python3
"""Writes the files of tests/interop/lightning with Python's own Lightning, whichever version is installed (they were made with 1.4.9, 1.5.10, 1.6.5, 1.9.5 and
2.2.5 on torch 1.13; 1.4 calls some of the Trainer's options otherwise).

Usage: lightning_files.py FOLDER VERSION   -> FOLDER/VERSION-epoch.ckpt (end of the first of 4 epochs), FOLDER/VERSION-batch.ckpt (first batch of the second), and the losses of
all 12 batches of an uninterrupted run on the screen. Model and data are TinyModel and ToyData of the tests; SGD with momentum, StepLR, EarlyStopping and ModelCheckpoint.
"""
import os
import shutil
import sys

import torch

try:
    import pytorch_lightning as pl
    pl.LightningModule
except (ImportError, AttributeError):
    import lightning.pytorch as pl

FOLDER, VERSION = sys.argv[1:3]
LOSSES = []


class Tiny(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(4, 2)
        with torch.no_grad():
            for k in range(2):
                for j in range(4):
                    self.layer.weight[k, j] = (k + 1) * 0.1 - j * 0.05
                self.layer.bias[k] = (k + 1) * 0.01

    def training_step(self, batch, batch_idx):
        loss = torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])
        LOSSES.append(float(loss.detach()))
        return loss

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1]))

    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=0.1, momentum=0.9)
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


def fit(epochs, callbacks):
    trainer = pl.Trainer(max_epochs=epochs, logger=False, callbacks=callbacks, enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0, enable_checkpointing=bool(callbacks))
    LOSSES.clear()
    trainer.fit(Tiny(), loader(12), loader(4, 100))


work = "/tmp/lightning"
shutil.rmtree(work, ignore_errors=True)
fit(1, [pl.callbacks.ModelCheckpoint(dirpath=work, filename="epoch", monitor="val_loss", every_n_epochs=1), pl.callbacks.EarlyStopping("val_loss", patience=3)])
fit(2, [pl.callbacks.ModelCheckpoint(dirpath=work, filename="batch", every_n_train_steps=4)])
fit(4, [])
for name in ("epoch", "batch"):
    shutil.copy(f"{work}/{name}.ckpt", os.path.join(FOLDER, f"{VERSION}-{name}.ckpt"))
print(pl.__version__, LOSSES)
