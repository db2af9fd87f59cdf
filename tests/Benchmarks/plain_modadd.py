"""The grokking experiment written plainly in PyTorch, as a peer for timings: all positions of all training pairs.

Reads lines "step N" and answers with the seconds that N steps took; ends at the end of input.
Usage: plain_modadd.py MODULUS THREADS
"""
import sys
import time

import torch

D_MODEL, HEADS, D_HEAD, D_MLP, FRACTION = 128, 4, 32, 512, 0.3


def weights(p):
    def matrix(*shape, width=D_MODEL):
        return torch.nn.Parameter(torch.randn(*shape) / width ** 0.5)

    return {
        "W_E": matrix(p + 1, D_MODEL), "W_pos": matrix(3, D_MODEL),
        "W_Q": matrix(HEADS, D_MODEL, D_HEAD), "W_K": matrix(HEADS, D_MODEL, D_HEAD),
        "W_V": matrix(HEADS, D_MODEL, D_HEAD), "W_O": matrix(HEADS, D_HEAD, D_MODEL),
        "W_in": matrix(D_MODEL, D_MLP), "b_in": torch.nn.Parameter(torch.zeros(D_MLP)),
        "W_out": matrix(D_MLP, D_MODEL), "b_out": torch.nn.Parameter(torch.zeros(D_MODEL)),
        "W_U": matrix(D_MODEL, p + 1, width=p + 1),
    }


def forward(w, tokens, mask):
    x = w["W_E"][tokens] + w["W_pos"]
    q, k, v = (torch.einsum("bpd,hde->bphe", x, w[name]) for name in ("W_Q", "W_K", "W_V"))
    scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / D_HEAD ** 0.5
    pattern = scores.masked_fill(mask, -1e10).softmax(-1)
    z = torch.einsum("bhqk,bkhe->bqhe", pattern, v)
    x = x + torch.einsum("bqhe,hed->bqd", z, w["W_O"])
    x = x + (x @ w["W_in"] + w["b_in"]).relu() @ w["W_out"] + w["b_out"]
    return x @ w["W_U"]


def main():
    p, threads = (int(a) for a in sys.argv[1:3])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    w = weights(p)
    pairs = torch.randperm(p * p)[:int(FRACTION * p * p)]
    a, b = pairs // p, pairs % p
    tokens, labels = torch.stack([a, b, torch.full_like(a, p)], 1), (a + b) % p
    mask = torch.ones(3, 3, dtype=torch.bool).triu(1)
    optimizer = torch.optim.AdamW(w.values(), lr=1e-3, weight_decay=1.0, betas=(0.9, 0.98))

    def step():
        logits = forward(w, tokens, mask)[:, -1].to(torch.float64)
        loss = -logits.log_softmax(-1).gather(1, labels[:, None]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    print(f"ready {torch.__version__}", flush=True)
    for line in sys.stdin:
        count = int(line.split()[1])
        start = time.perf_counter()
        for _ in range(count):
            step()
        print(time.perf_counter() - start, flush=True)


main()
