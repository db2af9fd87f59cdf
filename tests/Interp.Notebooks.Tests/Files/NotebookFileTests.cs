using Interp.Notebooks.Files;

namespace Interp.Notebooks.Tests.Files;

public sealed class NotebookFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("interp-notebook-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reading_and_writing_gives_the_same_file()
    {
        var path = Repository.Path("notebooks/walkthroughs/hooks-in-ten-minutes.ipynb");
        Assert.Equal(File.ReadAllText(path), NotebookFile.Load(path).ToJson());
    }

    [Theory]
    [InlineData("no json", "no JSON")]
    [InlineData("[1]", "a notebook is a JSON object")]
    [InlineData("""{"nbformat": 3}""", "nbformat should be 4, found 3")]
    [InlineData("""{"nbformat": 4}""", "cells should be a list, found nothing")]
    [InlineData("""{"nbformat": 4, "cells": [5]}""", "cells[0] should be an object, found 5")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}""", "cells[0].source[0] should be a text or a list of texts, found 1")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": [["x"]]}]}""", "cells[0].source should be texts")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": {"interp": {"role": "boss", "id": "a"}}}]}""", "cells[0].metadata.interp.role should be exercise, check, hint or solution")]
    [InlineData("""{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": {"interp": {"role": "check"}}}]}""", "cells[0].metadata.interp.id should be the name of the exercise")]
    public void What_is_no_notebook_is_one_error_that_names_the_place(string text, string expected)
    {
        var path = Path.Combine(_folder, "bad.ipynb");
        File.WriteAllText(path, text);
        var error = Assert.Throws<NotebookFormatException>(() => NotebookFile.Load(path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [Fact]
    public void A_notebook_nested_beyond_reason_is_refused_and_not_a_crash()
    {
        var path = Path.Combine(_folder, "deep.ipynb");
        File.WriteAllText(path, new string('[', 100_000));
        Assert.Throws<NotebookFormatException>(() => NotebookFile.Load(path));
    }
}
