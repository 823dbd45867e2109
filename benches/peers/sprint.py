"""98 % on MNIST from nothing with PyTorch, as its users write it; `inkgrad train --preset sprint` is the other side.

    time python benches/peers/sprint.py FOLDER-WITH-MNIST

The network, the optimiser and its schedule are those of the preset.
"""
import gzip
import sys
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

BATCH, EPOCHS, RATE = 64, 6, 0.005
folder = Path(sys.argv[1])


def read(name, header):
    return np.frombuffer(gzip.decompress((folder / f"{name}.gz").read_bytes()), np.uint8, offset=header)


def digits(part):
    pictures = torch.from_numpy(read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255)
    return pictures, torch.from_numpy(read(f"{part}-labels-idx1-ubyte", 8).astype(np.int64))


torch.manual_seed(1)
x, y = digits("train")
order = torch.randperm(len(x))[:55_000]
loader = DataLoader(TensorDataset(x[order], y[order]), batch_size=BATCH, shuffle=True)
network = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, epochs=EPOCHS, steps_per_epoch=len(loader))
cost = torch.nn.CrossEntropyLoss()
for _ in range(EPOCHS):
    for pictures, labels in loader:
        optimizer.zero_grad()
        cost(network(pictures), labels).backward()
        optimizer.step()
        schedule.step()
x, y = digits("t10k")
with torch.no_grad():
    right = (network(x).argmax(1) == y).float().mean().item()
print(f"test accuracy {100 * right:.2f} %")
