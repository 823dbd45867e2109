"""The numbers of reference.txt: `pip install torch==2.15.0 numpy && python reference.py > reference.txt`.

A 4-5-3 network, three examples, double precision, on the processor: what four costs find forward and backward,
and the parameters after three steps of each optimiser. Parameter groups keep the weight decay off the biases.
"""
import torch
from torch import optim
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)


def table(rows, columns, factor, modulus, divisor):
    """Numbers without a pattern that are the same in every language."""
    k = torch.arange(rows * columns)
    return ((k * factor) % modulus - modulus // 2).reshape(rows, columns) / divisor


def fresh():
    w1, b1 = table(4, 5, 7, 11, 10.0), table(1, 5, 2, 5, 8.0)[0]
    w2, b2 = table(5, 3, 6, 13, 9.0), table(1, 3, 2, 3, 5.0)[0]
    return [p.requires_grad_() for p in (w1, b1, w2, b2)]


def forward(parameters, output):
    w1, b1, w2, b2 = parameters
    return output(torch.tanh(X @ w1 + b1) @ w2 + b2)


def show(name, tensors):
    numbers = [v for t in tensors for v in t.detach().flatten().tolist()]
    print(f"{name}:", *(f"{v:.15f}" for v in numbers))


X, Y = table(3, 4, 5, 7, 4.0), torch.eye(3)[[2, 0, 1]]
softmax = lambda z: z.softmax(1)
categorical = lambda a: F.nll_loss(a.log(), Y.argmax(1))
binary = lambda a: F.binary_cross_entropy(a, Y, reduction="sum") / 3
quadratic = lambda a: F.mse_loss(a, Y, reduction="sum") / 2 / 3

for name, output, cost in [
    ("Softmax CrossEntropy", softmax, categorical),
    ("Sigmoid CrossEntropy", torch.sigmoid, binary),
    ("Softmax Quadratic", softmax, quadratic),
    ("Sigmoid Quadratic", torch.sigmoid, quadratic),
]:
    parameters = fresh()
    a = forward(parameters, output)
    c = cost(a)
    c.backward()
    show(f"{name} outputs", [a])
    show(f"{name} cost", [c])
    show(f"{name} gradients", [p.grad for p in parameters])

for name, make in {
    "Sgd": lambda groups: optim.SGD(groups, lr=0.5),
    "Momentum": lambda groups: optim.SGD(groups, lr=0.5, momentum=0.9),
    "Nesterov": lambda groups: optim.SGD(groups, lr=0.5, momentum=0.9, nesterov=True),
    "Adam": lambda groups: optim.Adam(groups, lr=0.05),
    "AdamW": lambda groups: optim.AdamW(groups, lr=0.05),
}.items():
    parameters = fresh()
    weights, biases = parameters[0::2], parameters[1::2]
    optimizer = make([{"params": weights, "weight_decay": 0.1}, {"params": biases, "weight_decay": 0.0}])
    for _ in range(3):
        optimizer.zero_grad()
        categorical(forward(parameters, softmax)).backward()
        optimizer.step()
    show(f"{name} after three steps", parameters)
