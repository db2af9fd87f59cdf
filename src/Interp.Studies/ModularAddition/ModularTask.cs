namespace Interp.Studies.ModularAddition;

/// <summary>
/// An operation modulo p as a cyclic group: every number stands at a place, and the answer to the numbers at places i and
/// j is the number at place i + j.
/// </summary>
/// <remarks>
/// Problem: a circuit for a + b is a circuit for a − b with the second number counted backwards, and one for a · b with
/// every number replaced by its logarithm; three analyses would be one. Idea: name the places once and analyse places.
/// <code>
/// var task = new ModularTask(113, ModularOperation.Subtract);
/// var right = task.Answers[(3 + 5) % task.Order];   // the answer to First[3] and Second[5]: 3 − (−5) = 8
/// </code>
/// Addition: place i is the number i. Subtraction: the second number at place j is −j. Multiplication: place i is gⁱ
/// for the smallest generator g, i from 0 to p − 2; 0 has no place.
/// </remarks>
public sealed class ModularTask
{
    /// <param name="modulus">The prime p.</param>
    /// <param name="operation">What is computed.</param>
    /// <exception cref="ArgumentException">p is no odd prime from 5 to 997.</exception>
    public ModularTask(int modulus, ModularOperation operation = ModularOperation.Add)
    {
        if (modulus is < 5 or > 997 || !IsPrime(modulus))
            throw new ArgumentException($"the modulus is {modulus}; it must be a prime from 5 to 997");
        Modulus = modulus;
        Operation = operation;
        Answers = operation == ModularOperation.Multiply ? Powers(modulus) : [.. Enumerable.Range(0, modulus)];
        First = Answers;
        Second = operation == ModularOperation.Subtract
            ? [.. Answers.Select(number => (modulus - number) % modulus)]
            : Answers;
    }

    /// <summary>The prime p.</summary>
    public int Modulus { get; }

    /// <summary>What is computed.</summary>
    public ModularOperation Operation { get; }

    /// <summary>The number of places: p, or p − 1 for multiplication.</summary>
    public int Order => Answers.Count;

    /// <summary>The token behind both numbers, where the answer is read: p.</summary>
    public int EqualsToken => Modulus;

    /// <summary>The first number of a pair at each place.</summary>
    public IReadOnlyList<int> First { get; }

    /// <summary>The second number at each place.</summary>
    public IReadOnlyList<int> Second { get; }

    /// <summary>The answer at each place.</summary>
    public IReadOnlyList<int> Answers { get; }

    /// <summary>The sign between the numbers.</summary>
    public string Sign => Operation switch
    {
        ModularOperation.Add => "+",
        ModularOperation.Subtract => "−",
        _ => "·",
    };

    /// <summary>
    /// What the waves of a circuit are waves of: a + b, a − b, or for products log a + log b, with logarithms to the
    /// smallest generator.
    /// </summary>
    public string Combined => Operation switch
    {
        ModularOperation.Add => "a + b",
        ModularOperation.Subtract => "a − b",
        _ => "log a + log b",
    };

    /// <summary>The distance of an answer c from the right one, as places: a + b − c, or its form for the operation.</summary>
    public string Distance => Combined + (Operation == ModularOperation.Multiply ? " − log c" : " − c");

    /// <summary>Powers of the smallest generator, from the 0th.</summary>
    private static int[] Powers(int p)
    {
        for (var generator = 2; generator < p; generator++)
        {
            var powers = new List<int> { 1 };
            for (var power = generator; power != 1; power = power * generator % p) powers.Add(power);
            if (powers.Count == p - 1) return [.. powers];
        }

        throw new ArgumentException($"{p} is no prime");
    }

    private static bool IsPrime(int n)
    {
        for (var divisor = 2; divisor * divisor <= n; divisor++)
            if (n % divisor == 0) return false;
        return n > 1;
    }
}
