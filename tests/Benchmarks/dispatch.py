"""Calls of operators on tiny tensors, as a peer for timings.

Reads lines "NAME N" and answers with the seconds that N calls took; ends at the end of input.
"""
import sys
import time

import torch

a, b = torch.ones(8, 8), torch.ones(8, 8)


# Loops are written out, so that no function call of Python's is counted.
def add(n):
    for _ in range(n):
        a.add(b)


def mul_number(n):
    for _ in range(n):
        a.mul(2.0)


def matmul(n):
    for _ in range(n):
        a.matmul(b)


def exp(n):
    for _ in range(n):
        a.exp()


def add_(n):
    for _ in range(n):
        a.add_(b)


def sum_dim(n):
    for _ in range(n):
        a.sum(-1)


def view(n):
    for _ in range(n):
        a.view(64)


def index(n):
    for _ in range(n):
        a[1]


OPERATIONS = {"add": add, "mul number": mul_number, "matmul": matmul, "exp": exp, "add_": add_, "sum dim": sum_dim,
              "view": view, "index": index}

torch.set_grad_enabled(False)
print("ready", torch.__version__, flush=True)
for line in sys.stdin:
    name, count = line.strip().rsplit(" ", 1)
    start = time.perf_counter()
    OPERATIONS[name](int(count))
    print(time.perf_counter() - start, flush=True)
