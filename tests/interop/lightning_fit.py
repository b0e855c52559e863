#!/usr/bin/env python3
"""Continues a checkpoint that LightningSharp wrote with Python's own Lightning: Trainer.fit(ckpt_path=...), and load_from_checkpoint.

Usage: lightning_fit.py SOURCE TARGET EPOCHS
Model and data are those of lightning_tiny.py. Prints the position that Lightning read, trains until EPOCHS, writes the losses and Lightning's own checkpoint to TARGET.
Where Lightning is not installed it says 'no lightning'; LIGHTNINGSHARP_PYTHONPATH names folders to look in.
"""
import os
import sys
import warnings

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # python -I leaves it out
try:
    from lightning_tiny import LOSSES, Tiny, loader, pl, torch
except ImportError:
    print("no lightning, ok")
    sys.exit(0)

warnings.filterwarnings("ignore")


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
