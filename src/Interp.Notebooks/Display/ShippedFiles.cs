namespace Interp.Notebooks.Display;

/// <summary>Finds what ships with the toolkit, in the checkout that a notebook lies in or the program came from.</summary>
internal static class ShippedFiles
{
    public static string Find(string folder, string kind, string name)
    {
        if (name.Length == 0 || Path.GetFileName(name) != name || name[0] == '.')
            throw new ArgumentException($"'{name}' is no name of a shipped model; names are such as 'induction'");
        return Above(folder, kind, name) ?? Above(AppContext.BaseDirectory, kind, name)
            ?? throw new DirectoryNotFoundException($"no folder {kind}/{name} at or above {folder} or {AppContext.BaseDirectory}; "
                + "keep the notebook inside a complete checkout, or give a path");
    }

    private static string? Above(string start, string kind, string name)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, kind, name);
            if (Directory.Exists(path)) return path;
        }
        return null;
    }
}
