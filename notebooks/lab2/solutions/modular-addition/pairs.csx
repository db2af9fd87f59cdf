Tensor AllPairs(int p)   // → whole numbers [p², 3]
{
    var numbers = torch.arange(p);
    var a = numbers.repeat_interleave(p);     // 0 0 0 … 1 1 1 …
    var b = numbers.repeat(p);                // 0 1 2 … 0 1 2 …
    return torch.stack([a, b, torch.full_like(a, p)], 1);
}
