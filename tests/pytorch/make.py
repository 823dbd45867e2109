"""Makes the files of this folder as a PyTorch user would: `python make.py`, with torch and safetensors installed.

Two small networks, the same numbers as F32 and as F16, and what PyTorch answers with each.
"""

import json
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

here = Path(__file__).parent
torch.manual_seed(1)
torch.set_num_threads(1)

# Cells that are all different, from 0 to 1.
x = (torch.arange(784) % 29) / 28

sequential = nn.Sequential(nn.Linear(784, 3), nn.ReLU(), nn.Linear(3, 10))
named = nn.Sequential(
    OrderedDict(hidden=nn.Linear(784, 3), act=nn.ReLU(), answer=nn.Linear(3, 10, bias=False))
)
named.load_state_dict({
    "hidden.weight": sequential[0].weight,
    "hidden.bias": sequential[0].bias,
    "answer.weight": sequential[2].weight,
})
named.half()

save_file(sequential.state_dict(), here / "sequential.safetensors")
save_file(named.state_dict(), here / "named_half.safetensors", metadata={"format": "pt"})


def probabilities(network):
    with torch.no_grad():
        return torch.softmax(network.float()(x), dim=0).double().tolist()


answers = {
    "sequential": probabilities(sequential),
    "named_half": probabilities(named),
    # What the file holds, bit for bit.
    "first_weights": [w.item() for w in sequential[0].weight.flatten()[:5].view(torch.int32)],
    "last_bias": sequential[2].bias.view(torch.int32)[-1].item(),
}
(here / "answers.json").write_text(json.dumps(answers, indent=1) + "\n")
