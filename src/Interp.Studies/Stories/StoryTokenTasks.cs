using Interp.Sae.Probing;
using Interp.Studies.Stories.World;

namespace Interp.Studies.Stories;

/// <summary>Properties of tokens that the stories' words have, for sparse probing.</summary>
public static class StoryTokenTasks
{
    /// <summary>All of them: names, names of a she and not a he, several animals and not one, places, feelings.</summary>
    public static IReadOnlyList<TokenTask> All
    {
        get
        {
            var words = StoryLexicon.Default;
            return
            [
                TokenTask.Words("name", words.People.Select(person => person.Name)),
                TokenTask.Words("name of a she, not a he", words.People.Where(p => p.Subject == "she").Select(p => p.Name),
                    words.People.Where(p => p.Subject == "he").Select(p => p.Name)),
                TokenTask.Words("animals, not one animal", words.Animals.Select(animal => animal.Plural),
                    words.Animals.Select(animal => animal.Singular)),
                TokenTask.Words("place", words.Places),
                TokenTask.Words("feeling", words.Feelings),
            ];
        }
    }
}
