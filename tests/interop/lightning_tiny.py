"""Lightning, whichever version and name it is installed under, with the model and the data of the tests: TinyModel and ToyData. For the scripts beside it.

LIGHTNINGSHARP_PYTHONPATH names folders to look in. Raises ImportError where there is no Lightning.
"""
import dataclasses
import os
import sys

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
    import pytorch_lightning as pl  # noqa: E402
    pl.LightningModule
except (ImportError, AttributeError):
    import lightning.pytorch as pl  # noqa: E402

LOSSES = []


class Tiny(pl.LightningModule):
    def __init__(self, rate=0.1):
        super().__init__()
        self.rate = rate
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
