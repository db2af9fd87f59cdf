namespace Interp.Checks;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        var checkout = Checkout.Find(AppContext.BaseDirectory);
        var dotnet = new Dotnet(checkout.Root);
        switch (arguments)
        {
            case ["test", .. var rest] when rest.Length <= 1:
                var options = new TestOptions
                {
                    Filter = rest is [{ Length: > 0 } filter] ? filter : null,
                    Format = !IsSet("NO_FORMAT"),
                    Narrow = !IsSet("NO_NARROW"),
                };
                return new TestCommand(checkout, dotnet, Console.Out).Run(options);
            case ["any-processor", .. var words]:
                return new AnyProcessorCommand(checkout, dotnet, Console.Out).Run(words);
            case ["pack", .. var systems]:
                return new PackCommand(checkout, dotnet, Console.Out).Run(systems);
            default:
                Console.Error.WriteLine("usage: test [FILTER] | any-processor [WORD…] | pack [SYSTEM…]");
                return 2;
        }
    }

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };
}
