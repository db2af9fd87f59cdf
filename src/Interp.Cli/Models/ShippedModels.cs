namespace Interp.Cli.Models;

/// <summary>The models that come with Interp, in the folder <c>models</c> of the checkout or beside the program.</summary>
internal static class ShippedModels
{
    /// <summary>The model that commands take where none is named: a language model that works offline.</summary>
    public const string Default = "stories";

    /// <summary>The names of all shipped models that commands take in place of a path.</summary>
    public const string Names = "stories, induction";

    /// <summary>The folder of trainings that ship with Interp.</summary>
    /// <param name="name">Its name, such as <c>formation</c>.</param>
    /// <exception cref="UserErrorException">It is not there.</exception>
    public static string FindStudy(string name) =>
        Above(name, Directory.Exists) ?? throw new UserErrorException($"the trainings '{name}' that ship with Interp were not found: no folder models/{name} "
            + $"at or above {AppContext.BaseDirectory}; run from a complete checkout");

    /// <summary>The folder of a shipped model, or null where there is none of that name.</summary>
    /// <param name="name">Its name, such as <c>stories</c>; anything that could be a path is none.</param>
    public static string? TryFind(string name)
    {
        if (name.Length == 0 || Path.GetFileName(name) != name || name[0] == '.') return null;
        return Above(name, model => File.Exists(Path.Combine(model, "config.json")));
    }

    private static string? Above(string name, Func<string, bool> isThere)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, "models", name);
            if (isThere(model)) return model;
        }

        return null;
    }

    /// <summary>The folder of a shipped model.</summary>
    /// <param name="name">Its name, such as <c>induction</c>.</param>
    /// <exception cref="UserErrorException">It is not there.</exception>
    public static string Find(string name) =>
        TryFind(name) ?? throw new UserErrorException($"the model '{name}' that ships with Interp was not found: no folder models/{name} "
            + $"at or above {AppContext.BaseDirectory}; run from a complete checkout");
}
