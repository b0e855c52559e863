#!/usr/bin/env python3
"""Writes the files of tests/interop/lightning with Python's own Lightning, whichever version is installed (they were made with 1.4.9, 1.5.10, 1.6.5, 1.9.5 and
2.2.5 on torch 1.13; 1.4 calls some of the Trainer's options otherwise).

Usage: lightning_files.py FOLDER VERSION   -> FOLDER/VERSION-epoch.ckpt (end of the first of 4 epochs), FOLDER/VERSION-batch.ckpt (first batch of the second), and the losses of
all 12 batches of an uninterrupted run on the screen. Model and data are those of lightning_tiny.py; SGD with momentum, StepLR, EarlyStopping and ModelCheckpoint.
"""
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lightning_tiny import LOSSES, Tiny, loader, pl  # noqa: E402

FOLDER, VERSION = sys.argv[1:3]


def fit(epochs, callbacks):
    trainer = pl.Trainer(max_epochs=epochs, logger=False, callbacks=callbacks, enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0, enable_checkpointing=bool(callbacks))
    LOSSES.clear()
    trainer.fit(Tiny(), loader(12), loader(4, 100))


work = tempfile.mkdtemp()
fit(1, [pl.callbacks.ModelCheckpoint(dirpath=work, filename="epoch", monitor="val_loss", every_n_epochs=1), pl.callbacks.EarlyStopping("val_loss", patience=3)])
fit(2, [pl.callbacks.ModelCheckpoint(dirpath=work, filename="batch", every_n_train_steps=4)])
fit(4, [])
for name in ("epoch", "batch"):
    shutil.copy(f"{work}/{name}.ckpt", os.path.join(FOLDER, f"{VERSION}-{name}.ckpt"))
print(pl.__version__, LOSSES)
shutil.rmtree(work)
