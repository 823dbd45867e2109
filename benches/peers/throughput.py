"""Training examples per second of other programs, for the networks of `cargo bench --bench training -- train`.

    python benches/peers/throughput.py [SECONDS]

Plain steps on random pictures that are in memory already: forward, softmax and cross-entropy, backward, momentum 0.9.
Programs that are not installed are left out. Needs numpy; torch, jax and scikit-learn are compared where they are.
"""
import sys
import time

import numpy as np

NETS = [
    ((784, 16, 16, 10), 32),
    ((784, 30, 10), 10),
    ((784, 128, 10), 64),
    ((784, 800, 10), 128),
    ((784, 1000, 500, 10), 128),
]
SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
EXAMPLES = 8192
RATE, MOMENTUM = 0.01, 0.9
random = np.random.default_rng(0)
pictures = random.random((EXAMPLES, 784), dtype=np.float32)
labels = random.integers(0, 10, EXAMPLES)
truths = np.eye(10, dtype=np.float32)[labels]


def batches(size):
    """Places where mini-batches begin, for ever."""
    while True:
        yield from range(0, EXAMPLES - size + 1, size)


def with_numpy(sizes, size):
    pairs = list(zip(sizes, sizes[1:]))
    weights = [random.standard_normal(pair, dtype=np.float32) * np.float32((2 / pair[0]) ** 0.5) for pair in pairs]
    biases = [np.zeros(units, np.float32) for _, units in pairs]
    numbers = weights + biases
    velocities = [np.zeros_like(n) for n in numbers]

    def step(at):
        a = [pictures[at : at + size]]
        for w, b in zip(weights[:-1], biases[:-1]):
            a.append(np.maximum(a[-1] @ w + b, 0))
        z = a[-1] @ weights[-1] + biases[-1]
        e = np.exp(z - z.max(1, keepdims=True))
        delta = (e / e.sum(1, keepdims=True) - truths[at : at + size]) / np.float32(size)
        for_weights, for_biases = [], []
        for l in reversed(range(len(weights))):
            for_weights.insert(0, a[l].T @ delta)
            for_biases.insert(0, delta.sum(0))
            if l > 0:
                delta = (delta @ weights[l].T) * (a[l] > 0)
        for n, v, g in zip(numbers, velocities, for_weights + for_biases):
            v *= np.float32(MOMENTUM)
            v += g
            n -= np.float32(RATE) * v

    return step


def with_torch(sizes, size):
    import torch

    layers = []
    for inputs, units in zip(sizes, sizes[1:]):
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
    network = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(network.parameters(), lr=RATE, momentum=MOMENTUM)
    cost = torch.nn.CrossEntropyLoss()
    x, y = torch.from_numpy(pictures), torch.from_numpy(labels)

    def step(at):
        optimizer.zero_grad()
        cost(network(x[at : at + size]), y[at : at + size]).backward()
        optimizer.step()

    return step


def with_jax(sizes, size):
    import jax
    import jax.numpy as jnp

    keys = jax.random.split(jax.random.key(0), len(sizes))
    network = [
        (jax.random.normal(key, pair) * (2 / pair[0]) ** 0.5, jnp.zeros(pair[1]))
        for key, pair in zip(keys, zip(sizes, sizes[1:]))
    ]
    velocity = jax.tree.map(jnp.zeros_like, network)

    def cost(network, x, y):
        for w, b in network[:-1]:
            x = jax.nn.relu(x @ w + b)
        w, b = network[-1]
        return -(jax.nn.log_softmax(x @ w + b) * y).sum(1).mean()

    @jax.jit
    def descend(network, velocity, x, y):
        gradient = jax.grad(cost)(network, x, y)
        velocity = jax.tree.map(lambda v, g: MOMENTUM * v + g, velocity, gradient)
        return jax.tree.map(lambda n, v: n - RATE * v, network, velocity), velocity

    state = [network, velocity]

    def step(at):
        state[:] = descend(*state, pictures[at : at + size], truths[at : at + size])
        jax.block_until_ready(state)

    return step


def with_sklearn(sizes, size):
    from sklearn.neural_network import MLPClassifier

    # It takes many batches at a call, and checks its input at each: a call on 16 of them counts as one step of 16.
    network = MLPClassifier(
        sizes[1:-1], solver="sgd", batch_size=size, learning_rate_init=RATE, momentum=MOMENTUM, alpha=0.0
    )
    network.partial_fit(pictures[:size], labels[:size], classes=np.arange(10))
    many = 16 * size

    def step(at):
        network.partial_fit(pictures[:many], labels[:many])

    step.examples = many
    return step


def rate(step, size):
    """The best of three: other programs on the machine only slow it down."""
    places, examples, best = batches(size), getattr(step, "examples", size), 0.0
    for _ in range(10):
        step(next(places))
    for _ in range(3):
        steps, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS / 3:
            step(next(places))
            steps += 1
        best = max(best, steps * examples / (time.perf_counter() - start))
    return best


for sizes, size in NETS:
    products = sum(a * b for a, b in zip(sizes, sizes[1:]))
    operations = 2 * (3 * products - sizes[0] * sizes[1])
    for peer in (with_numpy, with_torch, with_jax, with_sklearn):
        try:
            found = rate(peer(sizes, size), size)
        except ImportError:
            continue
        name = "-".join(map(str, sizes))
        print(f"{name}/{size} {peer.__name__[5:]}: {found:,.0f} examples/s, {found * operations / 1e9:.0f} GFLOP/s", flush=True)
