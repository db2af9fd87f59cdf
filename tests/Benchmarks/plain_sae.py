"""A training step of a sparse autoencoder written plainly in PyTorch, as a peer for timings: autograd and torch.optim.

Reads lines "l1 N" or "topk N" and answers with the seconds that N steps took, or "cpu" and answers with the processor
time so far; ends at the end of input. Both kinds are fed the same batch, which lies in a file of float32.
Usage: plain_sae.py D_IN D_SAE BATCH K L1 BATCH_FILE THREADS
"""
import sys
import time

import torch


class Sae:
    def __init__(self, d_in, d_sae):
        self.W_dec = torch.nn.Parameter(torch.nn.functional.normalize(torch.randn(d_sae, d_in), dim=1) * 0.1)
        self.W_enc = torch.nn.Parameter(self.W_dec.detach().t().contiguous())
        self.b_enc = torch.nn.Parameter(torch.zeros(d_sae))
        self.b_dec = torch.nn.Parameter(torch.zeros(d_in))
        self.parameters = [self.W_enc, self.b_enc, self.W_dec, self.b_dec]
        self.optimizer = torch.optim.Adam(self.parameters, lr=3e-4)

    def update(self, loss):
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        return loss.item()


class L1(Sae):
    """mean |x - x'|^2 + l1 * mean sum f |W_dec|"""

    def __init__(self, d_in, d_sae, l1):
        super().__init__(d_in, d_sae)
        self.l1 = l1

    def step(self, x):
        f = ((x - self.b_dec) @ self.W_enc + self.b_enc).relu()
        error = (f @ self.W_dec + self.b_dec - x).pow(2).sum(-1).mean()
        penalty = (f * self.W_dec.norm(dim=1)).sum(-1).mean()
        return self.update(error + self.l1 * penalty)


class TopK(Sae):
    """The k largest of every row; a dense product with the decoder."""

    def __init__(self, d_in, d_sae, k):
        super().__init__(d_in, d_sae)
        self.k = k

    def step(self, x):
        z = (x - self.b_dec) @ self.W_enc + self.b_enc
        values, indices = z.topk(self.k, dim=-1)
        f = torch.zeros_like(z).scatter(-1, indices, values.relu())
        return self.update((f @ self.W_dec + self.b_dec - x).pow(2).sum(-1).mean())


def main():
    d_in, d_sae, batch, k = (int(a) for a in sys.argv[1:5])
    l1, path, threads = float(sys.argv[5]), sys.argv[6], int(sys.argv[7])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    kinds = {"l1": L1(d_in, d_sae, l1), "topk": TopK(d_in, d_sae, k)}
    x = torch.from_file(path, size=batch * d_in, dtype=torch.float32).view(batch, d_in)
    print(f"ready {torch.__version__}", flush=True)
    for line in sys.stdin:
        if line.strip() == "cpu":
            print(time.process_time(), flush=True)
            continue
        kind, count = line.split()
        start = time.perf_counter()
        for _ in range(int(count)):
            kinds[kind].step(x)
        print(time.perf_counter() - start, flush=True)


main()
