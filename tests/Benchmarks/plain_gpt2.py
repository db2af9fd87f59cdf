"""GPT-2 written plainly in PyTorch, with random weights, as a peer for timings.

Reads lines "forward N" and answers with the seconds that N forward passes took; ends at the end of input.
Usage: plain_gpt2.py BATCH POSITIONS THREADS
"""
import sys
import time

import torch
import torch.nn.functional as F

D_MODEL, LAYERS, HEADS, VOCABULARY, CONTEXT = 768, 12, 12, 50257, 1024


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1 = torch.nn.LayerNorm(D_MODEL)
        self.qkv = torch.nn.Linear(D_MODEL, 3 * D_MODEL)
        self.out = torch.nn.Linear(D_MODEL, D_MODEL)
        self.ln2 = torch.nn.LayerNorm(D_MODEL)
        self.fc = torch.nn.Linear(D_MODEL, 4 * D_MODEL)
        self.proj = torch.nn.Linear(4 * D_MODEL, D_MODEL)

    def forward(self, x, mask):
        batch, positions, _ = x.shape
        q, k, v = self.qkv(self.ln1(x)).split(D_MODEL, dim=2)
        q, k, v = (t.view(batch, positions, HEADS, -1).transpose(1, 2) for t in (q, k, v))
        scores = (q @ k.transpose(-2, -1)) * (q.size(-1) ** -0.5)
        pattern = scores.masked_fill(mask, float("-inf")).softmax(-1)
        x = x + self.out((pattern @ v).transpose(1, 2).reshape(batch, positions, D_MODEL))
        return x + self.proj(F.gelu(self.fc(self.ln2(x)), approximate="tanh"))


class Gpt2(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = torch.nn.Embedding(VOCABULARY, D_MODEL)
        self.wpe = torch.nn.Embedding(CONTEXT, D_MODEL)
        self.blocks = torch.nn.ModuleList(Block() for _ in range(LAYERS))
        self.ln_f = torch.nn.LayerNorm(D_MODEL)

    def forward(self, tokens):
        positions = tokens.size(1)
        mask = torch.ones(positions, positions, dtype=torch.bool).triu(1)
        x = self.wte(tokens) + self.wpe(torch.arange(positions))
        for block in self.blocks:
            x = block(x, mask)
        return F.linear(self.ln_f(x), self.wte.weight)


def main():
    batch, positions, threads = (int(a) for a in sys.argv[1:4])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    model = Gpt2().eval()
    tokens = torch.randint(0, VOCABULARY, (batch, positions))
    print(f"ready {torch.__version__}", flush=True)
    with torch.no_grad():
        for line in sys.stdin:
            count = int(line.split()[1])
            start = time.perf_counter()
            for _ in range(count):
                model(tokens)
            print(time.perf_counter() - start, flush=True)


main()
